"""Counts of who reads which version: added up by every worker, told by name."""

from __future__ import annotations

import datetime as dt

from competency_api.core.db import Database
from competency_api.versions.queries import list_readers
from competency_api.versions.service import record_readers
from competency_api.versions.values import Readers

MONDAY, TUESDAY = dt.date(2026, 11, 23), dt.date(2026, 11, 24)


def test_counts_add_up_over_workers_and_days(database: Database) -> None:
    for day, counts in (
        (MONDAY, {("", "2.0.0"): 3, ("embed", "2"): 1}),
        (MONDAY, {("", "2.0.0"): 4}),
        (TUESDAY, {("", "2.0.0"): 1, ("", "latest"): 2}),
    ):
        with database.transaction() as session:
            record_readers(session, day, counts)
    with database.reading(fresh=True) as session:
        assert list_readers(session, MONDAY) == [
            Readers("2.0.0", "", 8, TUESDAY), Readers("latest", "", 2, TUESDAY), Readers("2", "embed", 1, MONDAY),
        ]  # fmt: skip
        assert [found.reference for found in list_readers(session, TUESDAY)] == ["latest", "2.0.0"]
