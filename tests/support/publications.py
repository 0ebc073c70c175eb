"""Drafts that are ready to be published over HTTP, and the requests that publish them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from competency_api.accounts.values import Actor
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.curation.lifecycle import Verb
from competency_api.taxonomy.pointers import as_json
from tests.factories import a_concept, in_spanish
from tests.support.keys import a_key, an_administrator, an_organisation, bearer
from tests.support.proposals import an_edit, led, partners, submitted
from tests.support.published import serving
from tests.support.states import drafted, published, second_state

VERSIONS = "/api/v1/versions"
PROPOSALS = "/api/v1/proposals"
#: A definition that partners proposed.
LONG = "A definition of it by the partners, in enough words to say what it is and what it is not."
#: The private key of RFC 8037, appendix A.
SIGNING_KEY = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
KEY_ID = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@contextmanager
def ready(database: Database, **settings: Any) -> Iterator[tuple[FlaskClient, str]]:
    """A client over version 1.0.0 with a draft that makes 1.1.0, and a publisher's key of the organisation valencia."""
    published(database)
    with database.transaction() as session:
        drafted(session, second_state())
    an_administrator(database)
    an_organisation(database)
    key, _ = a_key(database, "publish", organisation="valencia")
    with serving(Settings(database_url=database.settings.database_url, **settings)) as client:
        yield client, key


def rehearsed(client: FlaskClient, key: str, **body: Any) -> TestResponse:
    return client.post(f"{VERSIONS}?dry_run=true", json=body, headers=bearer(key))


def state_of(client: FlaskClient, key: str) -> str:
    """The entity tag of the dry run."""
    return str(rehearsed(client, key).headers["ETag"])


def sent(client: FlaskClient, key: str, body: Any, state: str | None = None, **fields: str) -> TestResponse:
    """The answer to a publication of the state that is looked at now, or of another."""
    state = state_of(client, key) if state is None else state
    return client.post(VERSIONS, json=body, headers=bearer(key, If_Match=state, **fields))


class Curated(NamedTuple):
    """``key`` is an administrator's, ``people`` are of two partners."""

    client: FlaskClient
    key: str
    accepted: str
    rejected: str
    people: tuple[Actor, Actor]


@contextmanager
def curated(database: Database, **settings: Any) -> Iterator[Curated]:
    """Version 1.0.0, and two proposals: one was accepted, one rejected."""
    published(database)
    key = an_administrator(database)
    one, other = people = partners(database)
    accepted = submitted(database, one, an_edit(text=LONG))
    led(database, other, accepted, Verb.ACCEPTANCE)
    new = as_json(in_spanish(a_concept("technology", "T777")))
    rejected = submitted(database, one, {"type": "add", "concept": new})
    led(database, other, rejected, Verb.REJECTION, note="Not now.")
    with serving(Settings(database_url=database.settings.database_url, signing_key=SIGNING_KEY, **settings)) as client:
        yield Curated(client, key, accepted, rejected, people)
