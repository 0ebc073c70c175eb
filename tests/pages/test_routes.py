"""Pages over HTTP: addresses, languages, caching, safety."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from competency_api.core.site import SITE_LANGUAGES
from tests.factories import a_taxonomy, edited, labels
from tests.support.databases import settings_for
from tests.support.published import FORMER, serving
from tests.support.states import published

HOSTILE = "<img src=x onerror=alert(1)>\"'&</script><script>alert(1)</script>"
#: Every page of the starter, one of each sort.
PATHS = (
    "", "concepts", "kinds/competency", "kinds/competency?view=tree", "kinds/technology?view=a-z",
    "kinds/business-model?view=retired", "concepts/C017", "concepts/R001", "concepts/X006", "concepts/D004",
    "search", "search?q=data", "search?q=zzzzqqq", "map", "map?discipline=D004&kind=technology", "versions",
    "versions/2.0.0", "versions/1.0.0/concepts/C017", "versions/1.0.0/changes/2.0.0",
    "versions/2.0.0/changes/2.0.0", "guides", "guides/read", "reference", "courses", "courses?concept=C017",
)  # fmt: skip
IN_VERSION = ("concepts", "kinds/profile", "concepts/C017", "search", "map")
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


class Links(HTMLParser):
    """The addresses of this service that a page leads to, and what is inline in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.ids: list[str] = []
        self.inline: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"]] if given.get("id") else []
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "script" and "src" not in given and given.get("type") != "application/ld+json":
            self.inline.append("script")
        for name in ("href", "src", "action"):
            value = (given.get(name) or "").partition("#")[0]
            if value.startswith("/"):
                self.found.add(value)


@pytest.mark.parametrize("path", PATHS)
def test_every_page_is_whole_in_every_language(starter: FlaskClient, path: str) -> None:
    for language in SITE_LANGUAGES:
        response = starter.get(f"/{language}/{path}", headers=BROWSER)
        assert response.status_code == 200
        assert response.headers["Content-Language"] == language
        page, text = Links(response.text), response.text
        assert page.inline == []
        assert len(page.ids) == len(set(page.ids))
        assert f'<html lang="{language}"' in text
        assert text.count("<h1") == 1
        assert re.search("<title>[^<]+ · Smart City Competency Framework</title>", text)
        assert '<link rel="canonical" href="http://' in text
        assert [f'hreflang="{tag}"' in text for tag in (*SITE_LANGUAGES, "x-default")] == [True] * 7


def test_every_page_has_a_policy_that_lets_nothing_inline_in(starter: FlaskClient) -> None:
    policies = {starter.get(f"/en/{path}").headers["Content-Security-Policy"] for path in PATHS}
    policies.add(starter.get("/en/concepts/C999", headers=BROWSER).headers["Content-Security-Policy"])
    [policy] = policies
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_every_link_of_a_page_leads_somewhere(starter: FlaskClient) -> None:
    found = {link for path in PATHS for link in Links(starter.get(f"/en/{path}").text).found}
    assert len(found) > 250
    outcomes = {link: starter.get(link, headers=BROWSER, follow_redirects=True).status_code for link in sorted(found)}
    assert {link: status for link, status in outcomes.items() if status != 200} == {}


def test_every_concept_of_every_version_has_a_page(starter: FlaskClient) -> None:
    for version in ("1.0.0", "2.0.0"):
        listed = starter.get(
            f"/api/v1/versions/{version}/concepts?status=active,retired&limit=all&fields=code"
        ).get_json()
        for item in listed["items"]:
            page = starter.get(f"/en/versions/{version}/concepts/{item['code']}")
            assert page.status_code == 200
            assert f"<code>{item['code']}</code>" in page.text
            assert 'rel="license"' in page.text
            assert "No 783412" in page.text


# -- addresses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", IN_VERSION)
def test_a_version_has_its_own_address_for_each_of_its_pages(starter: FlaskClient, rest: str) -> None:
    for name in ("2", "2.0"):
        moved = starter.get(f"/es/versions/{name}/{rest}")
        assert (moved.status_code, moved.headers["Location"]) == (302, f"/es/versions/2.0.0/{rest}")
    assert starter.get(f"/es/versions/latest/{rest}").headers["Location"] == f"/es/{rest}"
    older = starter.get(f"/es/versions/1.0.0/{rest}").text
    assert "La más reciente es la versión 2.0.0." in older
    assert f'href="/es/{rest}"' in older
    assert '<meta name="robots" content="noindex, follow">' in older
    assert "noindex" not in starter.get(f"/es/{rest}").text


def test_parameters_of_others_are_dropped(starter: FlaskClient) -> None:
    moved = starter.get("/en/search?utm_source=mail&q=data")
    assert (moved.status_code, moved.headers["Location"]) == (302, "/en/search?q=data")
    assert starter.get("/en").headers["Location"] == "/en/"
    assert starter.get("/fr/compare?older=1&newer=latest").headers["Location"] == "/fr/versions/1.0.0/changes/2.0.0"


def test_a_former_code_leads_to_the_present_one_and_a_retired_concept_to_its_successors(
    two_versions: FlaskClient,
) -> None:
    moved = two_versions.get(f"/de/concepts/{FORMER}")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/de/concepts/T001")
    retired = two_versions.get("/de/concepts/C002").text
    assert "Verwenden Sie stattdessen:" in retired
    assert 'href="/de/concepts/C001"' in retired


def test_a_concept_says_where_it_was_when(two_versions: FlaskClient) -> None:
    page = two_versions.get("/en/concepts/C001").text
    assert 'href="/en/versions/1.0.0/changes/1.1.0?code=C001"' in page
    assert "Contained in: 1.0.0, 1.1.0" in page
    [found] = re.findall('<script type="application/ld\\+json">(.*?)</script>', page)
    described = json.loads(found)
    assert described["@id"].endswith("/id/C001")
    assert described["inDefinedTermSet"]["version"] == "1.1.0"


def test_the_sitemap_names_pages_that_exist_and_robots_names_the_sitemap(starter: FlaskClient) -> None:
    origin = "http://127.0.0.1:8000"
    files = re.findall("<loc>([^<]+)", starter.get("/sitemap.xml").text)
    assert files == [f"{origin}/{tag}/sitemap-1.xml" for tag in SITE_LANGUAGES]
    part = starter.get("/nl/sitemap-1.xml")
    assert part.content_type == "application/xml; charset=utf-8"
    found = [address.removeprefix(origin) for address in re.findall("<loc>([^<]+)", part.text)]
    assert {"/nl/", "/nl/concepts/C017", "/nl/versions/1.0.0/changes/2.0.0", "/nl/guides/read"} <= set(found)
    assert f'hreflang="es" href="{origin}/es/concepts/C017"' in part.text
    assert {starter.get(address).status_code for address in found[:: len(found) // 40]} == {200}
    assert [starter.get(f"/nl/sitemap-{number}.xml").status_code for number in (0, 2)] == [404, 404]
    assert f"Sitemap: {origin}/sitemap.xml" in starter.get("/robots.txt").text


# -- caching -----------------------------------------------------------------------------------------------------------


PASSING, KEPT = "public, max-age=10", "public, max-age=60, stale-while-revalidate=86400"


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("", PASSING),
        ("concepts/C017", PASSING),
        ("courses", PASSING),
        ("versions/1.0.0/concepts/C017", KEPT),
        ("versions/1.0.0/changes/2.0.0", KEPT),
    ],
)
def test_pages_are_kept_ahead_of_the_framework_and_validated(starter: FlaskClient, path: str, kept: str) -> None:
    first = starter.get(f"/en/{path}")
    assert first.headers["Cache-Control"] == kept
    again = starter.get(f"/en/{path}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    packed = starter.get(f"/en/{path}", headers={"Accept-Encoding": "br"})
    assert packed.headers["Content-Encoding"] == "br"


def test_a_new_version_shows_on_pages_that_were_kept(sqlite_database: Database) -> None:
    published(sqlite_database)
    url = sqlite_database.settings.database_url
    with serving(dataclasses.replace(settings_for(url), latest_refresh_seconds=0.0)) as client:
        before = client.get("/en/versions/1.0.0/concepts/C001").text
        published(sqlite_database, edited(a_taxonomy(), "C001", labels={"en": labels("Another name")}))
        after, home = client.get("/en/versions/1.0.0/concepts/C001").text, client.get("/en/concepts/C001").text
    assert "The newest is" not in before
    assert "The newest is version 1.0.1." in after
    assert "Another name" in home


def test_files_of_the_site_are_named_by_their_content(starter: FlaskClient) -> None:
    page = starter.get("/en/").text
    for address in re.findall('"(/assets/[^"]+)"', page):
        kept = starter.get(address)
        assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        older = starter.get(re.sub("[0-9a-f]{12}", "0" * 12, address))
        assert (older.status_code, older.headers["Cache-Control"]) == (200, "public, max-age=60")
    assert starter.get("/assets/0/../routes.py").status_code == 404


# -- texts -------------------------------------------------------------------------------------------------------------


def _hostile_pages(client: FlaskClient) -> Iterator[str]:
    paths = (
        "concepts/T001",
        "kinds/technology",
        "search?q=img",
        "versions/1.0.0/changes/1.1.0",
        "map?discipline=D001&kind=technology",
    )
    return (client.get(f"/en/{path}").text for path in (*paths, "versions/1.1.0", ""))


def test_hostile_texts_are_only_text(sqlite_database: Database) -> None:
    published(sqlite_database)
    state = edited(a_taxonomy(), "T001", labels={"en": labels(HOSTILE)}, definition={"en": HOSTILE})
    published(sqlite_database, state, title=HOSTILE, notes=f"{HOSTILE} [x](javascript:alert(1)) C001")
    with serving(settings_for(sqlite_database.settings.database_url)) as client:
        pages = list(_hostile_pages(client))
    for page in pages:
        assert page.startswith("<!doctype html>")
        assert "<img" not in page
        assert "<script>" not in page
        assert 'href="javascript:' not in page
    assert "&lt;img" in pages[0]
    assert '<a href="/en/versions/1.1.0/concepts/C001"' in pages[-2]


def test_texts_that_nobody_reviewed_and_texts_in_other_languages_say_so(sqlite_database: Database) -> None:
    state = edited(
        a_taxonomy(), "T001", labels={"en": labels("Hello"), "es": labels("Hola")}, translations={"es": "draft"}
    )
    published(sqlite_database, state)
    with serving(settings_for(sqlite_database.settings.database_url)) as client:
        spanish, french = client.get("/es/concepts/T001").text, client.get("/fr/concepts/T001").text
    assert '<span lang="es">Hola</span><span class="draft" aria-hidden="true">°</span>' in spanish
    assert "traducciones al español que nadie ha revisado" in spanish
    assert '<span lang="en">Hello</span> <span class="tag">anglais</span>' in french
    assert "n’existent pas dans la vôtre" in french


def test_labels_that_are_written_from_right_to_left_say_so(sqlite_database: Database) -> None:
    published(sqlite_database, edited(a_taxonomy(), "T001", labels={"en": labels("Hello"), "ar": labels("مرحبا")}))
    with serving(settings_for(sqlite_database.settings.database_url)) as client:
        assert '<strong lang="ar" dir="rtl">مرحبا</strong>' in client.get("/en/concepts/T001").text


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/en/kinds/profile", ["Browse"]),
        ("/en/versions/1.0.0/concepts/C017", ["Browse"]),
        ("/en/versions/2.0.0", ["Versions"]),
        ("/en/map", ["Map"]),
        ("/en/", []),
    ],
)
def test_the_menu_shows_in_which_part_of_the_site_a_page_is(starter: FlaskClient, path: str, marked: list[str]) -> None:
    menu = starter.get(path).text.partition("</nav>")[0]
    assert re.findall('<a [^>]*(?:aria-current="page"|class="within")>([^<]+)', menu) == marked
