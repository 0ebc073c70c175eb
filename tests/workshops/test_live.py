"""Workshops as they happen."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from competency_api.core.db import Database
from competency_api.core.errors import Unavailable
from competency_api.core.http import find_service
from competency_api.workshops.access.permissions import Asker, Part
from competency_api.workshops.live.hub import MOST_STREAMS, RESERVED_STREAMS, Hub
from competency_api.workshops.live.snapshots import Snapshot, WatchedTopic, Watcher, written
from tests.support.workshops import TOKEN, Room, a_room

NOW = dt.datetime(2018, 12, 12, 10, tzinfo=dt.UTC)
HOLDER = Asker(Part.ORGANISER)
GUEST_OF_TABLE_1 = Asker(Part.PARTICIPANT, frozenset({1}), 1)


def a_snapshot(activity: int = 5, state: str = "open", *, minutes: int | None = None) -> Snapshot:
    closes_at = None if minutes is None else NOW + dt.timedelta(minutes=minutes)
    return Snapshot("room", "open", activity, 3, (WatchedTopic("food", state, closes_at, activity, 2, 0),))


def names(watcher: Watcher, snapshot: Snapshot, moment: dt.datetime = NOW) -> list[str]:
    return [name for name, _, _ in watcher.news(snapshot, moment)]


def test_what_was_told_is_not_told_again() -> None:
    watcher = Watcher(HOLDER)
    assert names(watcher, a_snapshot()) == ["state", "results"]
    assert names(watcher, a_snapshot()) == []
    assert names(watcher, a_snapshot(6)) == ["state", "results"]
    assert names(Watcher(HOLDER, seen=5), a_snapshot()) == ["state"]


def test_participants_are_told_of_results_when_the_topic_is_closed_also_by_its_timer() -> None:
    watcher = Watcher(GUEST_OF_TABLE_1)
    assert names(watcher, a_snapshot(minutes=1)) == ["state"]
    assert names(watcher, a_snapshot(minutes=1), NOW + dt.timedelta(minutes=1)) == ["state", "results"]


def test_an_event_is_as_the_standard_has_it() -> None:
    assert written("state", 7, {"a": "x\ny"}) == b'id: 7\nevent: state\ndata: {"a": "x\\ny"}\n\n'


def test_a_process_holds_so_many_streams_and_keeps_places_for_who_runs_the_session(sqlite_database: Database) -> None:
    hub = Hub(sqlite_database)
    held: list[Any] = []
    for runs, most in ((False, MOST_STREAMS - RESERVED_STREAMS), (True, MOST_STREAMS)):
        while len(hub) < most:
            held.append(hub.stream("room", Watcher(HOLDER), runs=runs))
        with pytest.raises(Unavailable) as refused:
            hub.stream("room", Watcher(HOLDER), runs=runs)
        assert refused.value.retry_after == 30
    for stream in held:
        stream.close()
    assert len(hub) == 0


def events(chunks: Iterator[bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    for chunk in chunks:
        for block in chunk.decode().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if "event" in fields:
                yield fields["event"], json.loads(fields["data"])


def watched(room: Room, **fields: str) -> Any:
    browser = room.client.application.test_client()
    return browser.get(f"{room.address}/stream", headers={name.replace("_", "-"): it for name, it in fields.items()})


def test_who_watches_is_told_of_ballots_and_of_the_end(database: Database) -> None:
    with a_room(database, is_open=True) as room:
        token = room.join()
        answer = watched(room, Authorization=f"Bearer {room.key}")
        assert (answer.status_code, answer.content_type) == (200, "text/event-stream")
        assert answer.headers["Cache-Control"] == "private, no-store"
        told = events(iter(answer.response))
        first = next(told)
        assert (first[0], first[1]["participants"], first[1]["topics"][0]["ballots"]) == ("state", 1, 0)
        assert next(told)[0] == "results"
        room.vote(token, ["wine"])
        assert [next(told)[1]["topics"][0]["ballots"], next(told)[1]["topic"]] == [1, "food"]
        room.act("/closing")
        assert next(event[1].get("state", "") for event in told) == "closed"
        assert [*told] == []
        answer.close()
        hub = find_service(room.client.application, Hub)
        assert hub is not None
        assert len(hub) == 0


def test_participants_watch_with_their_token_and_nobody_else_does(sqlite_database: Database) -> None:
    with a_room(sqlite_database, is_open=True) as room:
        answer = watched(room, **{TOKEN: room.join()})
        assert next(events(iter(answer.response)))[1]["state"] == "open"
        answer.close()
        assert watched(room).status_code == 403
        assert watched(room, **{TOKEN: "x"}).status_code == 401
