"""Joining and voting over HTTP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
import sqlalchemy as sa

from competency_api.core.db import Database
from competency_api.core.errors import Conflict, InvalidToken
from competency_api.workshops.models import BallotRow, ParticipantRow
from competency_api.workshops.voting import casting
from tests.support.workshops import BASE, TOKEN, Room, a_room


def counted(room: Room) -> list[tuple[int, int]]:
    found = room.ask("GET", "/topics/food/ballots").json
    return [(table["participants"], table["ballots"]) for table in found["tables"]]


def test_a_ballot_counts_at_its_table_and_may_be_changed(database: Database) -> None:
    with a_room(database, is_open=True) as room:
        token = room.join(2, role="city")
        first = room.vote(token, ["bread"], ["wine", "cheese"])
        assert (first.status_code, first.json["table"], first.json["casts"]) == (200, 2, 1)
        assert room.vote(token, ["bread"], ["wine", "cheese"]).json["casts"] == 1
        again = room.vote(token, ["wine"])
        assert (again.json["levels"], again.json["casts"]) == ([["wine"]], 2)
        assert counted(room) == [(0, 0), (1, 1)]
        me = room.taken("/participants/me", token).json
        assert (me["table"]["number"], me["role"], me["topics"][0]["levels"]) == (2, "city", [["wine"]])


def test_a_wrong_code_says_what_a_right_one_is_like(sqlite_database: Database) -> None:
    with a_room(sqlite_database, is_open=True) as room:
        for code in ("AAAAAA", "no", "Ω" * 6, "00000O"):
            answer = room.client.post(f"{BASE}/participants", json={"code": code})
            assert answer.status_code == 404
            assert "6 letters and digits" in answer.json["detail"]
        typed = room.code_of(1).lower()
        assert room.client.post(f"{BASE}/participants", json={"code": f" {typed[:3]} {typed[3:]}"}).status_code == 201


def test_a_workshop_is_joined_while_it_is_open_and_says_when_that_is(sqlite_database: Database) -> None:
    with a_room(sqlite_database) as room:
        code = {"code": room.code_of(1)}
        early = room.client.post(f"{BASE}/participants", json=code)
        assert (early.status_code, "2018-12-12T09:00:00Z" in early.json["detail"]) == (409, True)
        room.act("/opening")
        room.act("/closing")
        late = room.client.post(f"{BASE}/participants", json=code)
        assert (late.status_code, "was closed at" in late.json["detail"]) == (409, True)


def test_who_joins_again_in_a_browser_stays_the_same_with_a_new_token(database: Database) -> None:
    with a_room(database, is_open=True) as room:
        browser = room.client.application.test_client()
        first, second = (
            browser.post(f"{BASE}/participants", json={"code": room.code_of(table)}).json["token"] for table in (1, 2)
        )
        cookie = browser.get_cookie("workshop_session")
        assert cookie is not None
        assert (cookie.http_only, cookie.same_site, cookie.path, cookie.secure) == (True, "Strict", "/", False)
        assert room.taken("/participants/me", first).status_code == 401
        assert room.taken("/participants/me", second).json["table"]["number"] == 2
        assert counted(room) == [(0, 0), (1, 0)]


def test_a_browser_has_one_ballot_whatever_token_it_sends(sqlite_database: Database) -> None:
    with a_room(sqlite_database, is_open=True) as room:
        browser, other = room.client.application.test_client(), room.join(1)
        own = browser.post(f"{BASE}/participants", json={"code": room.code_of(1)}).json["token"]
        path, ballot = f"{room.address}/topics/food/ballots/mine", {"levels": [["wine"]]}
        second = browser.put(path, json=ballot, headers={TOKEN: other})
        assert (second.status_code, second.json["code"]) == (409, "another-ballot-from-this-browser")
        assert browser.put(path, json=ballot, headers={TOKEN: own}).status_code == 200
        assert counted(room)[0] == (2, 1)


def test_a_wrong_option_is_answered_with_the_nearest_and_nothing_counts(sqlite_database: Database) -> None:
    with a_room(sqlite_database, is_open=True) as room:
        answer = room.vote(room.join(), ["bread"], ["chese", "bread"])
        assert answer.status_code == 422
        said = {error["pointer"]: error["detail"] for error in answer.json["errors"]}
        assert 'Did you mean "cheese"?' in said["/levels/1/0"]
        assert "ranked twice" in said["/levels/1/1"]
        assert counted(room)[0] == (1, 0)


def test_ballots_are_taken_only_while_the_topic_is_open(database: Database) -> None:
    with a_room(database) as room:
        room.act("/opening")
        token = room.join()
        waiting = room.vote(token, ["wine"])
        assert (waiting.status_code, "not open yet" in waiting.json["detail"]) == (409, True)
        room.act("/topics/food/opening", minutes=5)
        assert room.vote(token, ["wine"]).status_code == 200
        later = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(minutes=5)
        with patch("competency_api.core.clock.now", return_value=later):
            late = room.vote(token, ["bread"])
            assert (late.status_code, "no longer taken" in late.json["detail"]) == (409, True)
            assert room.ask("GET", "/topics/food").json["state"] == "closed"
        room.act("/topics/food/opening")
        assert room.vote(token, ["bread"]).json["casts"] == 2


def test_closing_forgets_everybody_and_keeps_what_they_said(database: Database) -> None:
    with a_room(database, is_open=True) as room:
        tokens = [room.join(table, role="city") for table in (1, 1, 2)]
        for token in tokens:
            room.vote(token, ["wine"])
        room.act("/closing")
        after = room.vote(tokens[0], ["bread"])
        assert (after.status_code, after.json["code"]) == (401, "invalid-token")
        assert "forgotten" in after.json["detail"]
        with database.reading(fresh=True) as session:
            assert session.scalars(sa.select(ParticipantRow)).all() == []
            left = session.scalars(sa.select(BallotRow)).all()
            assert [(row.participant_id, row.role) for row in left] == [(None, "city")] * 3


def test_between_rounds_a_participant_sits_down_elsewhere_and_ballots_stay(sqlite_database: Database) -> None:
    with a_room(sqlite_database, is_open=True) as room:
        token, browser = room.join(1), room.client.application.test_client()
        room.vote(token, ["wine"])
        path, fields = f"{room.address}/participants/me", {TOKEN: token}
        moved = browser.patch(path, json={"code": room.code_of(2), "role": "other"}, headers=fields)
        assert (moved.json["table"]["number"], moved.json["role"]) == (2, "other")
        assert counted(room) == [(0, 1), (1, 0)]
        assert browser.patch(path, json={"code": "AAAAAA"}, headers=fields).status_code == 404


def test_tokens_are_needed_and_good_for_one_workshop(sqlite_database: Database) -> None:
    with a_room(sqlite_database, is_open=True) as room:
        assert room.taken("/participants/me", "").status_code == 401
        assert room.taken("/participants/me", "x" * 43).json["code"] == "invalid-token"
        assert room.ask("GET", "/topics/food/ballots/mine", key=room.key).status_code == 401
        assert room.ask("GET", "/topics/food/ballots", key=room.other).status_code == 403
        assert room.taken("/topics/food/ballots/mine", room.join()).status_code == 404


def test_what_is_wrong_with_a_vote_is_said_in_the_order_of_its_address(sqlite_database: Database) -> None:
    with a_room(sqlite_database, is_open=True) as room:
        token = room.join()
        topic = room.vote(token, ["wine"], topic="foot")
        assert (topic.status_code, 'Did you mean "food"' in topic.json["detail"]) == (404, True)
        assert room.vote(token, ["wine"], topic="fo\x00od").status_code == 404
        assert room.vote("x" * 43, ["wine"], topic="foot").json["code"] == "invalid-token"
        room.code = "nowhere"
        assert room.vote("x" * 43, ["wine"]).status_code == 404


@pytest.mark.parametrize(("closed", "said"), [("/topics/food", Conflict), ("", InvalidToken)])
def test_what_is_closed_between_looking_and_writing_takes_no_ballot(
    database: Database, closed: str, said: type[Exception]
) -> None:
    with a_room(database, is_open=True) as room:
        token = room.join()
        with database.reading(fresh=True) as session:
            booth = casting.find_booth(session, "room", "food", token)
            assert booth is not None
            cast = casting.prepare(session, booth, "", [["wine"]])
        room.act(f"{closed}/closing")
        with pytest.raises(said, match="closed"), database.transaction() as session:
            casting.write(session, cast)
        assert [ballots for _, ballots in counted(room)] == [0, 0]


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of any database meanwhile."""
    found: list[str] = []

    def note(*event: object) -> None:
        verb = str(event[2]).split()[0]
        found.extend([verb] if verb != "BEGIN" else [])

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def test_a_room_that_votes_at_once_asks_few_statements_each_and_three_under_the_lock(database: Database) -> None:
    with a_room(database, is_open=True) as room:
        token = room.join()
        with statements() as first:
            assert room.vote(token, ["wine"]).status_code == 200
        with statements() as same:
            assert room.vote(token, ["wine"]).status_code == 200
        with statements() as changed:
            assert room.vote(token, ["bread"]).status_code == 200
    casting_it = ["SELECT", "SELECT", "UPDATE", "UPDATE", "INSERT"]
    assert first == changed == casting_it
    assert same == ["SELECT", "SELECT"]
