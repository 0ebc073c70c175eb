"""The report over HTTP and as files: in any language, complete, and without anything personal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

from competency_api.core.db import Database
from competency_api.workshops.outcome.report import Voice, counted_ballots
from competency_api.workshops.outcome.tables import COLUMNS
from competency_api.workshops.ranking import Ballot, rank_topic
from tests.support.ballots import a_ballot
from tests.support.outcomes import cast, closed_with
from tests.support.workshops import Room, a_room

BALLOTS = [(1, "C001>data-spaces>C002=C003")] * 4 + [(2, "data-spaces>C001>C002")] * 3


@pytest.fixture
def room(sqlite_database: Database) -> Iterator[Room]:
    with a_room(sqlite_database, is_open=True) as found:
        found.ask("PUT", "/rounds/1", json={"title": {"en": "First"}})
        closed_with(sqlite_database, found, *BALLOTS)
        found.ask("PUT", "/tables/1/conclusions/contents", json={"text": {"es": "=Datos primero."}})
        found.ask("PUT", "/report/text", json={"text": {"en": "Data first.", "es": "Los datos primero."}})
        found.act("/reporting")
        yield found


def rows_of(room: Room, table: str, **query: str) -> list[dict[str, str]]:
    query = {"table": table, **query}
    answer = room.ask("GET", "/export/csv", "", query_string=query)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="room.csv"'
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_a_report_says_everything_in_all_languages_or_in_one(room: Room) -> None:
    found = room.ask("GET", "/report", "").json
    assert (found["workshop"]["state"], found["provisional"]) == ("reported", False)
    assert [round_["title"] for round_ in found["rounds"]] == [{"en": "First"}]
    assert [topic["topic"] for topic in found["topics"]] == ["food", "contents"]
    assert found["conclusions"]["report"]["text"]["es"] == "Los datos primero."
    spanish = room.ask("GET", "/report?lang=es", "")
    assert spanish.headers["Content-Language"] == "es, en"
    contents = spanish.json["topics"][1]
    assert contents["question"] == {"text": "¿Qué hace falta?", "lang": "es", "fallback": False}
    assert contents["options"][3]["texts"]["text"] == "Espacios de datos"
    assert spanish.json["workshop"]["title"] == {"text": "What we need", "lang": "en", "fallback": True}
    assert contents["overall"] == found["topics"][1]["overall"]
    assert "matrix" not in contents["overall"]
    assert "matrix" in room.ask("GET", "/report?matrices=true", "").json["topics"][1]["tables"]["1"]


def test_nothing_in_it_lets_anybody_in_or_tells_who_they_were(room: Room) -> None:
    for path in ("/report", "/export/json"):
        text = room.ask("GET", path, "").get_data(as_text=True)
        assert not [word for word in ("join_code", "token", "session", "facilitated_by", "participant") if word in text]


def test_before_it_is_reported_only_who_runs_it_reads_it(sqlite_database: Database) -> None:
    with a_room(sqlite_database, is_open=True) as room:
        cast(sqlite_database, room, "food", (1, "bread>wine"))
        assert room.ask("GET", "/report").json["provisional"] is True
        assert room.ask("GET", "/export/json").json["ballots"] == []
        assert room.ask("GET", "/report", room.key_of(1)).status_code == 200
        for key in ("", room.other):
            assert {room.ask("GET", path, key).status_code for path in ("/report", "/export/csv")} == {403}


def test_what_tables_say_can_be_counted_again_from_the_file(room: Room) -> None:
    document = room.ask("GET", "/export/json", "").json
    contents = document["topics"][1]
    ballots = [
        Ballot(levels=tuple(map(tuple, found["levels"])), table=found["table"])
        for found in document["ballots"]
        for _ in range(found["ballots"])
    ]
    again = rank_topic(contents["overall"]["options"], ballots)
    assert contents["overall"]["paths"] == [list(row) for row in again.overall.paths]
    places = {standing["option"]: standing["place"] for standing in contents["tables"]["2"]["standings"]}
    assert places == {standing.option: standing.place for standing in again.tables["2"].standings}


def test_tables_hold_the_figures_in_the_language_of_the_workshop(room: Room) -> None:
    standings = [row for row in rows_of(room, "standings") if row["topic"] == "contents"]
    assert {(row["of"], row["name"]) for row in standings} == {("all", ""), ("table", "1"), ("table", "2")}
    first = standings[0]
    assert (first["option"], first["place"], first["ballots"], first["lang"]) == ("C001", "1", "7", "en")
    assert rows_of(room, "standings", lang="es")[-1]["lang"] == "es"
    assert ("contents", "2", "3", "data-spaces>C001>C002") in [tuple(row.values()) for row in rows_of(room, "ballots")]
    assert rows_of(room, "pairs")[0].keys() == set(COLUMNS["pairs"])
    assert [(row["table"], row["other"]) for row in rows_of(room, "disagreements")] == [("1", "2")]
    assert [row["text"] for row in rows_of(room, "conclusions")] == ["'=Datos primero.", "Data first."]


def test_a_workbook_has_a_sheet_for_each_table(room: Room) -> None:
    answer = room.ask("GET", "/export/xlsx?lang=es", "")
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    assert book.sheetnames == ["workshop", *COLUMNS]
    assert [cell.value for cell in book["ballots"][1]] == list(COLUMNS["ballots"])
    assert room.ask("GET", "/export/xls", "").json["available"] == ["csv", "xlsx", "json"]


def test_equal_ballots_are_told_once_in_an_order_of_their_own() -> None:
    ballots = [a_ballot("B>A", table="2"), a_ballot("A=B", table="1"), a_ballot("B>A", table="2", group="city")]
    found = counted_ballots("t", ballots)
    assert found == counted_ballots("t", reversed(ballots))
    assert [(row["table"], row["ballots"], row["levels"]) for row in found] == [
        ("1", 1, [["A", "B"]]), ("2", 2, [["B"], ["A"]]),
    ]  # fmt: skip
    assert "city" not in json.dumps(found)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"es": "a", "en": "b"}, ("a", "es", False)),
        ({"en": "b", "fr": "c"}, ("b", "en", True)),
        ({"eu": "d"}, ("d", "eu", True)),
    ],
)
def test_what_was_written_in_the_room_is_said_in_its_own_words_at_the_latest(texts: Any, said: Any) -> None:
    assert tuple((Voice(["es"], ["pt"]).text(texts) or {}).values()) == said
    assert Voice(["es"], []).text({}) is None
