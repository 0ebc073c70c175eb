"""Applications over published versions, for tests that ask them by HTTP."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask.testing import FlaskClient

from competency_api.app import FEATURES, build
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.http import context_of
from competency_api.core.migrations import upgrade
from competency_api.interchange.cli import seed_if_empty
from tests.factories import a_taxonomy, edited
from tests.support.keys import an_administrator, an_organisation
from tests.support.sources import ROOT
from tests.support.states import published, second_state

#: When the starter was published, as far as its tests and examples know.
MOMENT = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
FORMER = "W01"


#: A test asks as often as it likes; what the limits do has tests of its own.
UNLIMITED = {"requests_per_minute_address": 0, "requests_per_minute_key": 0, "invalid_keys_per_minute": 0}


@contextmanager
def serving(settings: Settings) -> Iterator[FlaskClient]:
    """A client of the whole application; its connections are closed at the end."""
    app = build(dataclasses.replace(settings, **UNLIMITED), FEATURES)
    try:
        yield app.test_client()
    finally:
        context_of(app).close()


@contextmanager
def serving_starter(file: Path) -> Iterator[FlaskClient]:
    """A client over the two versions of the checkout's seeds, in a new SQLite file, an administrator and a provider."""
    settings = Settings(database_url=f"sqlite:///{file}")
    database = Database(settings)
    upgrade(database)
    with patch("competency_api.core.clock.now", return_value=MOMENT):
        seed_if_empty(database, ROOT / "seeds")
    an_administrator(database)
    an_organisation(database, "gov-city", "provider")
    database.close()
    with serving(settings) as client:
        yield client


@contextmanager
def serving_two_versions(database: Database, **settings: Any) -> Iterator[FlaskClient]:
    """A client over two small versions in a migrated database.

    In 1.0.0, the starter of the factories, T001 has a former code; 1.1.0 renames C001, replaces C002 by it, adds T002.
    """
    published(database, edited(a_taxonomy(), "T001", former_codes=(FORMER,)), title="First")
    second = edited(second_state(), "T001", former_codes=(FORMER,))
    published(database, second, title="Second & <last>", notes="What changed.")
    with serving(Settings(database_url=database.settings.database_url, **settings)) as client:
        yield client
