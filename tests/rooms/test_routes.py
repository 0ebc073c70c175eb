"""Pages of workshops over HTTP: addresses, languages, caching, safety, codes to scan."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from flask.testing import FlaskClient

from competency_api.core.site import SITE_LANGUAGES
from competency_api.rooms.screen import ASSETS, asset

#: Pages of a session that is going on: the same for everybody, whatever happens.
RUNNING = (
    *("join", "join/K7M2PX", "organise", "organise/new"),
    *(f"workshops/valencia-2018/{part}" for part in ("rank", "facilitate", "projector", "prepare")),
)
BROWSER = {"Accept": "text/html"}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("path", RUNNING)
@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_a_page_of_a_running_session_is_whole_in_every_language(starter: FlaskClient, language: str, path: str) -> None:
    response = starter.get(f"/{language}/{path}", headers=BROWSER)
    assert response.status_code == 200
    assert response.headers["Content-Language"] == language
    assert f'<html lang="{language}"' in response.text
    assert response.text.count("<h1") == 1
    assert [f'hreflang="{tag}"' in response.text for tag in SITE_LANGUAGES] == [True] * len(SITE_LANGUAGES)
    assert '<meta name="robots" content="noindex' in response.text


@pytest.mark.parametrize("path", RUNNING)
def test_a_page_lets_nothing_inline_in_and_leaves_nothing_behind(starter: FlaskClient, path: str) -> None:
    response = starter.get(f"/en/{path}")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "Set-Cookie" not in response.headers
    assert " style=" not in response.text
    assert " onclick=" not in response.text


def test_the_code_of_an_address_stands_in_the_field_as_codes_are_written(starter: FlaskClient) -> None:
    assert 'value="K7M2PX"' in starter.get("/en/join/k7m-2px").text


@pytest.mark.parametrize(
    "path", ["join/K7M2P0", "join/%3Cscript%3E", "join/x", "workshops/A/rank", "workshops/a_b/projector"]
)
def test_what_can_be_no_code_and_no_workshop_is_not_found(starter: FlaskClient, path: str) -> None:
    response = starter.get(f"/es/{path}", headers=BROWSER)
    assert response.status_code == 404
    assert "<script>" not in response.text


def test_the_picture_of_a_code_is_a_square_with_white_around_it(starter: FlaskClient) -> None:
    response = starter.get("/fr/join/K7M2PX.svg")
    assert response.content_type == "image/svg+xml"
    assert "immutable" in response.headers["Cache-Control"]
    picture = ET.fromstring(response.data)
    side = int(picture.attrib["width"])
    assert picture.attrib["height"] == str(side)
    paths = picture.findall(f"{SVG}path")
    assert (paths[0].attrib["fill"], paths[0].attrib["d"]) == ("#fff", f"M0 0h{side}v{side}h-{side}z")
    # the first finder pattern begins four modules from both edges, and is seven wide
    assert paths[1].attrib["d"].startswith("M4 4.5h7m")


def test_files_are_kept_for_ever_under_the_digest_of_all_of_them(starter: FlaskClient) -> None:
    for name, media_type in ASSETS.items():
        response = starter.get(asset(name))
        assert (response.status_code, response.content_type) == (200, media_type)
        assert "immutable" in response.headers["Cache-Control"]
    assert "immutable" not in starter.get("/assets/rooms/000000000000/room.js").headers["Cache-Control"]
    assert starter.get("/assets/rooms/000000000000/nothing.js").status_code == 404
