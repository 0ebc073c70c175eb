"""The time. Pure code takes a moment as an argument; only entry points ask for it here."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """This moment, aware, in UTC, without fractions that no client needs."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def today() -> dt.date:
    """The day it is in UTC: the calendar that versions are in force by."""
    return dt.datetime.now(dt.UTC).date()


def iso(moment: dt.datetime) -> str:
    """``2026-11-23T08:00:00Z``. The moment must be aware."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be written as UTC")
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
