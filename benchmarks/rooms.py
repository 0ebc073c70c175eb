"""Five hundred people who join a workshop and vote in it at the same moment, on both databases.

Each uses a connection of their own for every request, as telephones do, 64 at a time: the next one begins as soon as
another is done. The service has one worker. Measured is from the first request to the last answer; that none is lost is
asked too.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

from benchmarks.databases import DATABASES
from benchmarks.samples import Figure, Samples, at_most
from benchmarks.sections import Effort, Section
from benchmarks.servers import the_service
from competency_api.accounts import service as accounts
from competency_api.accounts.keys import new_secret
from competency_api.accounts.values import COMMAND_LINE, KeyRequest
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.migrations import upgrade
from competency_api.interchange.cli import seed_if_empty
from tests.support.sources import ROOT

PEOPLE, AT_ONCE, TABLES = 500, 64, 10
TARGET = 5.0
_OPTIONS = ("bread", "cheese", "wine")
Call = Callable[..., Any]


def measure(effort: Effort) -> Section:
    figures: list[Figure] = []
    for name, made in DATABASES:
        with made("rooms") as url:
            times = [_a_room(url, number) for number in range(max(1, effort.rounds // 2))]
        for what, seconds in zip(("join", "vote"), zip(*times, strict=True), strict=True):
            figures.append(at_most(f"{name}: {PEOPLE} people {what} at once", Samples.of(seconds), TARGET, "s"))
    return Section("rooms", figures, remarks=[(__doc__ or "").split("\n\n", 1)[1].strip()])


def _a_room(url: str, number: int) -> tuple[float, float]:
    """The seconds of joining and of voting in a new workshop."""
    key = _prepared(url, f"host-{number}")
    with the_service(url, LOG_LEVEL="warning") as service:
        call = _caller(service.url)
        code = f"room-{number}"
        codes = _opened(call, code, key)
        joining, joined = _all_at_once(lambda n: call("POST", "/participants", {"code": codes[n % TABLES]}))
        ballot = {"levels": [[name] for name in _OPTIONS]}
        path = f"/{code}/topics/food/ballots/mine"
        voting, _ = _all_at_once(lambda n: call("PUT", path, ballot, {"Participant-Token": joined[n]["token"]}))
        result = call("GET", f"/{code}/topics/food/results", None, key)
    if result["overall"]["ballots"] != PEOPLE:
        raise RuntimeError(f"{PEOPLE} people voted, and {result['overall']['ballots']} ballots are counted")
    return joining, voting


def _prepared(url: str, organisation: str) -> dict[str, str]:
    """The field with the key of a new organisation that may hold workshops."""
    secret = new_secret()
    with closing(Database(Settings(database_url=url))) as database:
        upgrade(database)
        seed_if_empty(database, ROOT / "seeds")
        with database.transaction() as session:
            accounts.create_organisation(session, COMMAND_LINE, organisation, "Benchmark", "partner")
            wanted = KeyRequest("benchmark", scopes=frozenset({"workshops"}), organisation=organisation)
            accounts.create_key(session, COMMAND_LINE, wanted, secret)
    return {"Authorization": f"Bearer {secret}"}


def _opened(call: Call, code: str, key: dict[str, str]) -> list[str]:
    """An open workshop with a topic: the codes of its tables."""
    options = [{"name": name, "texts": {"en": name}} for name in _OPTIONS]
    room = {
        "code": code,
        "title": {"en": "A full room"},
        "starts_at": "2018-12-12T09:00:00Z",
        "ends_at": "2018-12-12T13:00:00Z",
        "time_zone": "Europe/Madrid",
        "tables": [{}] * TABLES,
        "topics": [{"name": "food", "question": {"en": "What first?"}, "options": options}],
    }
    call("POST", "", room, key)
    for path in (f"/{code}", f"/{code}/topics/food"):
        call("POST", f"{path}/opening", {}, key | {"If-Match": call("GET", path, None, key)["etag"]})
    return [str(table["join_code"]) for table in call("GET", f"/{code}/tables", None, key)["items"]]


def _caller(url: str) -> Call:
    host = url.removeprefix("http://")

    def call(method: str, path: str, body: Any = None, fields: dict[str, str] | None = None) -> Any:
        headers = {"Content-Type": "application/json", **(fields or {})}
        with closing(HTTPConnection(host, timeout=60)) as connection:
            connection.request(method, f"/api/v1/workshops{path}", None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {text.decode()}")
        return {**json.loads(text), "etag": answer.headers.get("ETag")}

    return call


def _all_at_once(ask: Callable[[int], Any]) -> tuple[float, list[Any]]:
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(ask, range(PEOPLE)))
    return time.perf_counter() - began, answers
