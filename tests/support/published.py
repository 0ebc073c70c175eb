"""Applications over published versions, for tests that ask them by HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from competency_api.app import FEATURES, build
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.http import context_of
from competency_api.interchange.cli import seed_if_empty
from tests.support.sources import ROOT
from tests.support.states import published, second_state

SEEDS = ROOT / "seeds"


@contextmanager
def serving(settings: Settings) -> Iterator[FlaskClient]:
    """A client of the whole application; its connections are closed at the end."""
    app = build(settings, FEATURES)
    try:
        yield app.test_client()
    finally:
        context_of(app).database.close()


@contextmanager
def serving_two_versions(database: Database, **settings: Any) -> Iterator[FlaskClient]:
    """A client over two small versions in a migrated database: 1.0.0 is the starter, 1.1.0 what follows it."""
    published(database, title="First")
    published(database, second_state(), title="Second", notes="What changed.")
    with serving(Settings(database_url=database.settings.database_url, **settings)) as client:
        yield client


def publish_seeds(database: Database, folder: Path = SEEDS) -> None:
    """The starter taxonomy of the checkout, imported and published by the product's own way."""
    seed_if_empty(database, folder)
