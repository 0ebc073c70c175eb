from __future__ import annotations

import brotli
import pytest
from flask.testing import FlaskClient

from competency_api.embeds.assets import NAME, script, scripts
from competency_api.embeds.snippets import loading
from competency_api.serving.readers import reader_of
from tests.support.sources import PACKAGE, ROOT

ELEMENT = ROOT / PACKAGE / "embeds" / "element"
LARGEST = 12_000


def test_the_element_is_one_small_file() -> None:
    assert len(brotli.compress(script().body, quality=9)) < LARGEST


def test_it_parses_no_markup_and_asks_no_other_host() -> None:
    text = script().body.decode()
    parsers = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval(")
    assert [name for name in parsers if name in text] == []
    assert "http://" not in text
    assert "https://" not in text


def test_its_address_says_what_is_in_it_and_holds_for_ever(starter: FlaskClient) -> None:
    answer = starter.get(script().path, headers={"Accept-Encoding": "br"})
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Content-Encoding"] == "br"
    assert brotli.decompress(answer.data) == script().body
    assert script().digest in script().path


def test_the_stable_address_has_the_same_file_and_is_asked_again_soon(starter: FlaskClient) -> None:
    answer = starter.get(f"/embed/{NAME}.js")
    assert answer.data == script().body
    assert answer.headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("name", [f"{NAME}.0123456789abcdef.js", "another.js", f"{NAME}.x.js"])
def test_a_file_that_there_is_not_is_not_found(name: str, starter: FlaskClient) -> None:
    assert starter.get(f"/embed/{name}").status_code == 404


def test_files_of_former_releases_have_the_names_that_their_content_gives_them() -> None:
    former = {file.name for file in (ELEMENT / "released").glob("*.js")}
    known = {f"{NAME}.{digest}.js" for digest in scripts()}
    assert former <= known


def test_the_line_that_loads_it_carries_its_digest() -> None:
    line = loading("https://skills.example.org")
    assert f'src="https://skills.example.org{script().path}"' in line
    assert f'integrity="{script().integrity}" crossorigin="anonymous"' in line


def test_its_address_is_not_among_those_that_count_readers_of_versions() -> None:
    assert reader_of(script().path) is None
    assert reader_of("/embed/v1/2/list/data") == ("embed", "2")
