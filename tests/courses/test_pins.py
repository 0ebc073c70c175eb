"""Versions as mappings are pinned to them."""

from __future__ import annotations

import pytest

from competency_api.catalogue.store import VersionStore
from competency_api.core.db import Database
from competency_api.courses.pins import Pins
from tests.support.courses import BASE
from tests.support.states import published, second_state


def test_a_version_that_another_process_published_a_moment_ago_is_found(sqlite_database: Database) -> None:
    first = published(sqlite_database)
    pins = Pins(VersionStore(sqlite_database, max_bytes=2**30, refresh_seconds=3600), BASE)
    second = published(sqlite_database, second_state())
    assert [pins.number(version.id) for version in (first, second)] == ["1.0.0", "1.1.0"]
    assert pins.taxonomy(second.id).digest == second.digest
    with pytest.raises(KeyError):
        pins.of(second.id + 1)
