"""Five hundred people in one room: behind one address, all at once, against the service as it runs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from competency_api.core.db import Database
from competency_api.workshops.live.hub import MOST_STREAMS, RESERVED_STREAMS
from tests.factories import a_taxonomy
from tests.support.keys import a_key, an_administrator, an_organisation, bearer
from tests.support.running import environment, free_port, service
from tests.support.states import published
from tests.support.workshops import BASE, TOKEN, a_topic, a_workshop

CROWD = 500
#: Connections at once, each of which is followed by the next at once.
AT_ONCE = 64
ORDERS = (["wine", "bread", "cheese"], ["bread", "cheese", "wine"], ["cheese", "wine", "bread"])


class Caller:
    """Asks the running service, each time by a connection of its own, as many telephones do."""

    def __init__(self, port: int) -> None:
        self._port = port

    def __call__(self, method: str, path: str, body: Any = None, **fields: str) -> tuple[int, dict[str, Any], str]:
        headers = {"Content-Type": "application/json"} | {k.replace("_", "-"): v for k, v in fields.items()}
        with closing(HTTPConnection("127.0.0.1", self._port, timeout=60)) as connection:
            connection.request(method, BASE + path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}"), answer.headers.get("ETag", "")


def all_at_once(work: Callable[[int], tuple[int, Any, str]]) -> list[Any]:
    """Answers of everybody; whoever is asked to wait tries again, as the page does."""

    def insisting(number: int) -> tuple[int, Any, str]:
        answer = work(number)
        for _ in range(300):
            if answer[0] not in (429, 503):
                break
            time.sleep(0.2)
            answer = work(number)
        return answer

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(insisting, range(CROWD)))


def prepared(call: Caller, key: str) -> list[str]:
    """An open room with ten tables: their codes."""
    fields = {"Authorization": bearer(key)["Authorization"]}
    assert call("POST", "", a_workshop(), **fields)[0] == 201
    codes = [call("POST", "/room/tables", {}, **fields)[1]["join_code"] for _ in range(10)]
    call("POST", "/room/topics", a_topic(), **fields)
    for path in ("/room", "/room/topics/food"):
        tag = call("GET", path, **fields)[2]
        assert call("POST", f"{path}/opening", {}, If_Match=tag, **fields)[0] == 200
    return codes


# how long it takes is measured by `make bench ONLY=rooms`; here, that nobody is given up on
@pytest.mark.slow
@pytest.mark.campaign
def test_five_hundred_join_and_vote_at_once_and_no_ballot_is_lost(
    database: Database, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("rounds", f"{CROWD} people")
    published(database, list(a_taxonomy()), title="First")
    an_administrator(database)
    an_organisation(database, "valencia", "partner")
    key, _ = a_key(database, "workshops", organisation="valencia")
    port = free_port()
    with service(
        environment(tmp_path, port, DATABASE_URL=database.settings.database_url, WORKERS="2", LOG_LEVEL="WARNING")
    ):
        call = Caller(port)
        codes = prepared(call, key)
        joined = all_at_once(lambda n: call("POST", "/participants", {"code": codes[n % 10]}))
        assert {status for status, _, _ in joined} == {201}
        tokens = [body["token"] for _, body, _ in joined]

        def vote(number: int) -> tuple[int, Any, str]:
            levels = [[name] for name in ORDERS[number % 3]]
            path = "/room/topics/food/ballots/mine"
            return call("PUT", path, {"levels": levels}, **{TOKEN: tokens[number]})

        voted = all_at_once(vote)
        assert {status for status, _, _ in voted} == {200}
        result = call("GET", "/room/topics/food/results", Authorization=bearer(key)["Authorization"])[1]
    assert len(set(tokens)) == CROWD
    assert result["overall"]["ballots"] == CROWD
    assert sum(table["ballots"] for table in result["tables"].values()) == CROWD


def stream_of(held: ExitStack, port: int, **fields: str) -> Any:
    """The beginning of a stream's answer."""
    connection = held.enter_context(closing(HTTPConnection("127.0.0.1", port, timeout=30)))
    connection.request("GET", f"{BASE}/room/stream", headers={k.replace("_", "-"): v for k, v in fields.items()})
    return held.enter_context(closing(connection.getresponse()))


def heard(answer: Any, word: bytes) -> bool:
    """Whether the word comes in the next lines."""
    return any(word in answer.readline() for _ in range(40))


@pytest.mark.slow
def test_streams_leave_the_rest_of_the_service_alone_and_all_hear_of_a_ballot(
    sqlite_database: Database, tmp_path: Path
) -> None:
    published(sqlite_database, list(a_taxonomy()), title="First")
    an_organisation(sqlite_database, "valencia", "partner")
    key, _ = a_key(sqlite_database, "workshops", organisation="valencia")
    port, url = free_port(), sqlite_database.settings.database_url
    with service(environment(tmp_path, port, DATABASE_URL=url, LOG_LEVEL="WARNING")), ExitStack() as held:
        call, own = Caller(port), {"Authorization": bearer(key)["Authorization"]}
        token = call("POST", "/participants", {"code": prepared(call, key)[0]})[1]["token"]

        def watch(**fields: str) -> Any:
            return stream_of(held, port, **fields)

        streams = [watch(**{TOKEN: token}) for _ in range(MOST_STREAMS - RESERVED_STREAMS)]
        refused = watch(**{TOKEN: token})
        streams += [watch(**own) for _ in range(RESERVED_STREAMS)]
        assert (refused.status, refused.headers["Retry-After"], watch(**own).status) == (503, "30", 503)
        assert {stream.status for stream in streams} == {200}
        assert call("GET", "/room", **own)[0] == 200
        assert call("PUT", "/room/topics/food/ballots/mine", {"levels": [["wine"]]}, **{TOKEN: token})[0] == 200
        assert all(heard(stream, b'"ballots": 1') for stream in streams)
