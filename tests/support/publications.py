"""A draft that is ready to be published over HTTP, and the requests that publish it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from competency_api.core.config import Settings
from competency_api.core.db import Database
from tests.support.keys import a_key, an_administrator, an_organisation, bearer
from tests.support.published import serving
from tests.support.states import drafted, published, second_state

VERSIONS = "/api/v1/versions"
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
