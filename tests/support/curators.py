"""Curators as their programs are: a client and a key, over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from competency_api.core.db import Database
from tests.support.keys import a_key, a_person, an_organisation, bearer

P = "/api/v1/proposals"


@dataclass(frozen=True)
class Curator:
    """A client with the key of one person of a partner."""

    client: FlaskClient
    key: str

    def get(self, path: str, **fields: str) -> TestResponse:
        return self.client.get(path, headers=bearer(self.key, **fields))

    def post(self, path: str, body: Any = None, **fields: str) -> TestResponse:
        return self.client.post(path, json=body or {}, headers=bearer(self.key, **fields))

    def put(self, path: str, body: Any, **fields: str) -> TestResponse:
        return self.client.put(path, json=body, headers=bearer(self.key, **fields))

    def made(self, *changes: dict[str, Any], title: str = "Better") -> str:
        answer = self.post(P, {"title": title, "changes": list(changes)})
        assert answer.status_code == 201, answer.text
        return str(answer.json["id"])

    def say(self, proposal: str, verb: str, body: Any = None) -> TestResponse:
        tag = self.get(f"{P}/{proposal}").headers["ETag"]
        return self.post(f"{P}/{proposal}/{verb}", body, If_Match=tag)

    def submitted(self, *changes: dict[str, Any]) -> str:
        proposal = self.made(*changes)
        assert self.say(proposal, "submission").status_code == 200
        return proposal

    def tag(self, proposal: str) -> str:
        """The state of the proposal now, as ``If-Match`` takes it."""
        return self.get(f"{P}/{proposal}").headers["ETag"]


def keys_of_two(database: Database) -> list[str]:
    """Keys of an editor of each of two partners, who propose and review."""
    keys = []
    for partner in ("valencia", "porto"):
        an_organisation(database, partner, "partner")
        keys.append(a_key(database, "propose", "review", person=a_person(database, partner, "editor"))[0])
    return keys
