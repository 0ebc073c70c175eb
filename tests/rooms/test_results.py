"""Pages of results and reports over HTTP: nothing before it is reported, and then the whole without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from competency_api.core.db import Database
from competency_api.core.site import SITE_LANGUAGES
from tests.support.databases import Source, settings_for
from tests.support.workshops import Room, a_room

BROWSER = {"Accept": "text/html"}
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def room(database: Database) -> Iterator[Room]:
    with a_room(database) as room:
        yield room


def page(room: Room, path: str = "", language: str = "en") -> str:
    response = room.client.get(f"/{language}/workshops/room{path}", headers=BROWSER)
    assert response.status_code == 200
    return response.text


def played(room: Room) -> None:
    """Two tables disagree; a need of table 2 is hostile; both conclude; all is reported."""
    room.open()
    for table, order in ((1, ("bread", "cheese", "wine")), (2, ("wine", "cheese", "bread"))):
        for _ in range(3 if table == 1 else 2):
            assert room.vote(room.join(table, role="city"), *([name] for name in order)).status_code == 200
        text = {"text": {"en": f"{HOSTILE} said table {table}."}}
        assert (
            room.ask("PUT", f"/tables/{table}/conclusions/food", json=text, headers={"If-None-Match": "*"}).status_code
            == 201
        )
    room.act("/closing")
    room.act("/reporting")


def test_a_draft_is_not_there_for_readers(room: Room) -> None:
    response = room.client.get("/en/workshops/room", headers=BROWSER)
    assert response.status_code == 404
    assert "What we need" not in response.text
    assert room.client.get("/en/workshops/nowhere/report", headers=BROWSER).status_code == 404


def test_until_it_is_reported_the_page_says_so_and_shows_no_result(room: Room) -> None:
    room.open()
    assert "The workshop is going on." in page(room)
    room.act("/closing")
    for path in ("", "/report"):
        assert "Its organiser has not reported the result yet." in page(room, path)
        assert "Bread" not in page(room, path)
        assert 'content="noindex' in page(room, path)


@pytest.mark.parametrize("path", ["", "/report"])
@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_a_reported_workshop_is_whole_in_every_language(reported: Room, language: str, path: str) -> None:
    text = page(reported, path, language)
    assert text.count("<h1") == 1
    assert text.count('class="standings') == 1
    assert HOSTILE not in text
    assert "&lt;img src=x" in text
    assert " style=" not in text


@pytest.fixture(scope="module")
def reported(database_source: Callable[[str], Source]) -> Iterator[Room]:
    """A reported workshop, for tests that only read."""
    database = Database(settings_for(database_source("sqlite").make(empty=False)))
    with a_room(database) as room:
        played(room)
        yield room
    database.close()


def test_the_result_tells_order_tables_disagreement_and_conclusions(reported: Room) -> None:
    text = page(reported)
    order = [text.index(f">{name}<") for name in ("Bread", "Cheese", "Wine")]
    assert order == sorted(order)
    assert "5 ballots counted" in text
    assert "“Bread” is before “Cheese”: 3 ballots to 2." in text
    assert "Table 1 and table 2: −1.00" in text
    assert text.count("Signed by ") == 2
    assert "/api/v1/workshops/room/export/csv" in text


def test_a_table_that_nobody_named_is_called_in_the_language_of_the_page(reported: Room) -> None:
    text = page(reported, "/report", "es")
    assert "Mesa 1</dt>" in text
    assert "Table 1" not in text.partition('<dl class="facts">')[2].partition("</dl>")[0]


def test_reported_workshops_are_listed(reported: Room) -> None:
    text = reported.client.get("/en/workshops", headers=BROWSER).text
    assert '<a href="/en/workshops/room">' in text
    assert '<a href="/nl/workshops/room">' in reported.client.get("/nl/workshops", headers=BROWSER).text
    assert 'href="/en/workshops"' in reported.client.get("/en/").text
