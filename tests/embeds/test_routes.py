from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

BASE = "http://127.0.0.1:8000"
E = "/embed/v1/2.0.0"


class Outline(HTMLParser):
    """Elements with their classes, and the texts, of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


@pytest.mark.parametrize("kind", ["data", "options", "table", "fragment", "frame"])
def test_all_ways_are_kept_like_versions_and_answered_from_memory(kind: str, starter: FlaskClient) -> None:
    path = f"{E}/list/{kind}?kind=discipline&lang=pt"
    first = starter.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert first.headers["Content-Language"] == "pt"
    again = starter.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    # the id of a request that never reached the application is counted within the process
    assert "-" in again.headers["X-Request-Id"]
    assert starter.get(path.replace("2.0.0", "latest")).headers["Cache-Control"] == "public, max-age=10"


def test_only_a_frame_may_be_put_into_a_frame(starter: FlaskClient) -> None:
    framed = starter.get(f"{E}/list/frame?kind=discipline").headers["Content-Security-Policy"]
    assert "frame-ancestors *" in framed
    assert "default-src 'none'" in framed
    assert "unsafe-inline" not in framed
    for other in (f"{E}/list/data", f"{E}/list/fragment", "/embed", "/embed/competency-list.js"):
        assert "frame-ancestors 'none'" in starter.get(other).headers["Content-Security-Policy"], other


def test_a_fragment_is_in_the_language_of_whoever_asks(starter: FlaskClient) -> None:
    answer = starter.get(f"{E}/list/fragment?kind=discipline", headers={"Accept-Language": "nl"})
    assert '<div class="embed" lang="nl">' in answer.text
    assert "Accept-Language" in answer.headers["Vary"]
    assert "<script" not in answer.text
    assert "<style" not in answer.text


@pytest.mark.parametrize("view", ["list", "tree", "table", "cards", "select"])
def test_html_shows_what_the_data_hold(view: str, starter: FlaskClient) -> None:
    query = "kind=technology&lang=fr&columns=code,definition,maturity"
    items = starter.get(f"{E}/{view}/data?{query}").get_json()["items"]
    html = starter.get(f"{E}/{view}/fragment?{query}").text
    outline = Outline(html)
    found = [attrs.get("href") or attrs.get("value") for tag, attrs in outline.elements if tag in ("a", "option")]
    assert all(item["uri"] in found or item["code"] in found for item in items)
    assert outline.elements[0][1]["class"] == "embed"


def test_hostile_texts_are_escaped(starter: FlaskClient) -> None:
    answer = starter.get(f"{E}/concept/frame?code=%3Cscript%3Ealert(1)%3C/script%3E&lang=en")
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


@pytest.mark.parametrize("kind", ["fragment", "frame"])
def test_html_of_nothing_is_a_page_in_the_language_of_the_embed(kind: str, starter: FlaskClient) -> None:
    answer = starter.get(f"/embed/v1/9/list/{kind}?kind=discipline&lang=de")
    assert answer.status_code == 404
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Diese Liste nennt eine Version oder einen Eintrag, den es nicht gibt." in answer.text


def test_options_are_flat_and_carry_the_version(starter: FlaskClient) -> None:
    options = starter.get(f"{E}/select/options?kind=profile&lang=es").get_json()
    assert options[0].keys() == {"value", "label", "version"}
    assert {option["version"] for option in options} == {"2.0.0"}


def test_a_table_has_a_row_an_entry(starter: FlaskClient) -> None:
    answer = starter.get(f"{E}/profile/table?code=R001&columns=type&lang=en")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == ["version", "code", "label", "lang", "type", "level"]
    assert rows[1] == ["2.0.0", "C004", "Engage stakeholders", "en", "skill", "3"]


# -- oEmbed ------------------------------------------------------------------------------------------------------------


def asked(client: FlaskClient, address: str, more: str = "") -> dict[str, object]:
    answer = client.get(f"/oembed?url={quote(address, safe='')}{more}")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.get_json()
    return found


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("/id/C017", "/latest/concept/frame?code=C017"),
        ("/es/concepts/C017", "/latest/concept/frame?code=C017&amp;lang=es"),
        ("/es/versions/1.0.0/concepts/C017", "/1.0.0/concept/frame?code=C017&amp;lang=es"),
        ("/api/v1/versions/2/concepts/C017.html?lang=nl", "/2/concept/frame?code=C017&amp;lang=nl"),
        ("/embed/v1/2/list/frame?kind=technology&lang=fr", "/2/list/frame?kind=technology&amp;lang=fr"),
    ],
)
def test_an_address_of_ours_becomes_a_frame(path: str, source: str, starter: FlaskClient) -> None:
    found = asked(starter, BASE + path)
    assert found["type"] == "rich"
    assert found["version"] == "1.0"
    assert f'src="{BASE}/embed/v1{source}"' in str(found["html"])


def test_a_frame_keeps_the_bounds_that_are_asked_for(starter: FlaskClient) -> None:
    found = asked(starter, f"{BASE}/id/C017", "&maxwidth=400&maxheight=200&dnt=1&format=json")
    assert (found["width"], found["height"]) == (400, 200)
    assert 'width="400" height="200"' in str(found["html"])


def test_it_is_answered_in_xml_too(starter: FlaskClient) -> None:
    answer = starter.get(f"/oembed?format=xml&url={BASE}/id/C017")
    assert answer.content_type == "text/xml; charset=utf-8"
    assert "<type>rich</type>" in answer.text
    assert "&lt;iframe " in answer.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (f"url={BASE}/id/C999", 404),
        (f"url={BASE}/api/v1", 404),
        ("url=https://elsewhere.example/id/C017", 404),
        (f"url={BASE}/embed/v1/2/lst/frame", 404),
        (f"url={BASE}/embed/v1/2/list/frame%3Fkind%3Dnothing", 422),
        (f"url={BASE}/embed/v1/2/list/frame%3Fknd%3Dcompetency", 422),
        (f"url={BASE}/id/C017&format=yaml", 422),
        ("", 422),
        ("url=%5Bhttp://%5B", 404),
    ],
)
def test_what_cannot_be_embedded_is_refused(query: str, status: int, starter: FlaskClient) -> None:
    answer = starter.get(f"/oembed?{query}")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


def test_frames_tell_consumers_where_to_ask(starter: FlaskClient) -> None:
    address = f"{E}/list/frame?kind=technology"
    outline = Outline(starter.get(address).text)
    links = [
        attrs for tag, attrs in outline.elements if tag == "link" and attrs.get("type") == "application/json+oembed"
    ]
    assert links[0]["href"] == f"{BASE}/oembed?url={quote(BASE + address, safe='')}"


# -- the page that makes snippets --------------------------------------------------------------------------------------


@pytest.mark.parametrize("ui", ["en", "es", "pt", "fr", "de", "nl"])
def test_the_generator_speaks_every_language_of_the_interface(ui: str, starter: FlaskClient) -> None:
    answer = starter.get(f"/embed?ui={ui}")
    assert f'<html lang="{ui}">' in answer.text
    assert answer.headers["Content-Language"] == ui
    assert "Set-Cookie" not in answer.headers


def test_fields_that_a_form_has_no_use_for_stay_out_of_the_snippet(starter: FlaskClient) -> None:
    query = "ui=en&view=profile&kind=competency&discipline=&profile=R002&code=&version=2&columns=code&columns=type"
    html = starter.get(f"/embed?{query}").text
    assert "view=&#34;profile&#34; code=&#34;R002&#34; columns=&#34;code,type&#34;&gt;" in html


def test_a_choice_that_cannot_be_shown_says_why(starter: FlaskClient) -> None:
    answer = starter.get("/embed?ui=es&view=concept&code=C999")
    assert answer.status_code == 404
    assert "C999" in answer.text
    assert "Esta lista nombra una versión o una entrada que no existe." in answer.text
    assert starter.get("/embed?ui=es&view=concept").status_code == 200
    assert starter.get("/embed?view=%3Cb%3E").status_code == 404
    assert starter.get("/embed?vew=list").status_code == 422
