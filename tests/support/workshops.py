"""Workshops for tests: one with two tables and a topic, run by `valencia`, over the small versions."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from flask.testing import FlaskClient

from competency_api.core.db import Database
from tests.factories import a_taxonomy
from tests.support.keys import a_key, an_administrator, an_organisation, bearer
from tests.support.published import serving
from tests.support.states import published

BASE = "/api/v1/workshops"
TOKEN = "Participant-Token"
#: Known before there is a room: requests are made up first.
EXAMPLE_TOKEN = "W" * 43


def a_workshop(**members: Any) -> dict[str, Any]:
    """One on the wire."""
    return {
        "code": "room",
        "title": {"en": "What we need"},
        "starts_at": "2018-12-12T09:00:00Z",
        "ends_at": "2018-12-12T13:00:00Z",
        "time_zone": "Europe/Madrid",
        **members,
    }


def a_topic(*names: str, **members: Any) -> dict[str, Any]:
    options = [{"name": name, "texts": {"en": name.title()}} for name in names or ("bread", "cheese", "wine")]
    return {"name": "food", "question": {"en": "What first?"}, "options": options, **members}


@dataclass
class Room:
    """A workshop over HTTP, and the keys of those who may do something in it."""

    client: FlaskClient
    key: str
    other: str
    code: str = "room"

    @property
    def address(self) -> str:
        return f"{BASE}/{self.code}"

    def ask(self, method: str, path: str = "", key: str | None = None, *, etag: str = "", **options: Any) -> Any:
        """With the organiser's key unless another is given; "" is none. ``etag`` "*" reads it first."""
        fields = bearer(self.key if key is None else key) if key != "" else {}
        if etag == "*":
            shown = path.rpartition("/")[0] if path.endswith(("opening", "closing", "reporting")) else path
            etag = self.ask("GET", shown, key).headers["ETag"]
        fields |= {"If-Match": etag} if etag else {}
        return self.client.open(
            self.address + path, method=method, headers=fields | options.pop("headers", {}), **options
        )

    def add(self, path: str, body: dict[str, Any]) -> Any:
        answer = self.ask("POST", path, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json

    def act(self, path: str, key: str | None = None, **body: Any) -> Any:
        is_topic = path.startswith("/topics")
        answer = self.ask("POST", path, key, etag="*", **({"json": body} if is_topic and "opening" in path else {}))
        assert answer.status_code == 200, answer.text
        return answer.json

    def open(self) -> None:
        self.act("/opening")
        self.act("/topics/food/opening")

    def code_of(self, table: int) -> str:
        return str(self.ask("GET", f"/tables/{table}").json["join_code"])

    def key_of(self, table: int) -> str:
        """The key of whoever facilitates the table."""
        return str(self.add(f"/tables/{table}/key", {})["secret"])

    def join(self, table: int = 1, **members: Any) -> str:
        """The token of a new participant, who uses a browser of their own."""
        answer = self.client.application.test_client().post(
            f"{BASE}/participants", json={"code": self.code_of(table), **members}
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json["token"])

    def vote(self, token: str, *levels: list[str], topic: str = "food") -> Any:
        browser = self.client.application.test_client()
        path = f"{self.address}/topics/{topic}/ballots/mine"
        return browser.put(path, json={"levels": list(levels)}, headers={TOKEN: token})

    def taken(self, path: str, token: str) -> Any:
        """What a participant reads."""
        return self.client.application.test_client().get(self.address + path, headers={TOKEN: token})


@contextmanager
def a_room(database: Database, *, is_open: bool = False, **settings: Any) -> Iterator[Room]:
    """A workshop with two tables and the topic `food`; `porto` is another organisation."""
    published(database, list(a_taxonomy()), title="First")
    an_administrator(database)
    for code in ("valencia", "porto"):
        an_organisation(database, code, "partner")
    keys = [a_key(database, "workshops", "propose", organisation=code)[0] for code in ("valencia", "porto")]
    with serving(dataclasses.replace(database.settings, **settings)) as client:
        room = Room(client, *keys)
        made = client.post(BASE, json=a_workshop(), headers=bearer(room.key))
        assert made.status_code == 201, made.text
        for _ in range(2):
            room.add("/tables", {})
        room.add("/topics", a_topic())
        if is_open:
            room.open()
        yield room


def the_room_of_examples(client: FlaskClient) -> None:
    """An open workshop of the names that the examples of the API have, with a participant who has EXAMPLE_TOKEN."""
    code, administrator = "valencia-2018", bearer()
    made = client.post(BASE, json=a_workshop(code=code, template="world-cafe"), headers=administrator)
    assert made.status_code == 201, made.text
    client.post(f"{BASE}/{code}/tables", json={}, headers=administrator)
    for path in ("/opening", "/topics/contents/opening"):
        shown = client.get(f"{BASE}/{code}{path.removesuffix('/opening')}", headers=administrator)
        fields = administrator | {"If-Match": shown.headers["ETag"]}
        assert client.post(f"{BASE}/{code}{path}", json={}, headers=fields).status_code == 200
    join_code = client.get(f"{BASE}/{code}/tables/1", headers=administrator).json["join_code"]
    with patch("competency_api.workshops.voting.participants.secrets.token_urlsafe", return_value=EXAMPLE_TOKEN):
        client.application.test_client().post(f"{BASE}/participants", json={"code": join_code})
