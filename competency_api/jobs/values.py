"""Words and values of jobs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where a job stands. ``failed`` is for good: what it was asked for cannot be done as it was asked."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


#: A job that broke so often is given up.
MOST_ATTEMPTS = 3
#: Jobs that an organisation may have waiting.
MOST_WAITING = 20


@dataclass(frozen=True)
class Job:
    """A job as its organisation sees it. ``progress`` counts what was done of ``total``; None while that is unknown."""

    id: str
    kind: str
    state: State
    organisation_id: int | None
    progress: int
    total: int | None
    result: Mapping[str, Any] | None
    problem: Mapping[str, Any] | None
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None


@dataclass(frozen=True)
class Claim:
    """A job that a worker took, and the token that shows that it is still its own. ``actor`` is who asked for it."""

    job_id: int
    token: str
    kind: str
    organisation_id: int | None
    actor: Mapping[str, Any]
    request: Mapping[str, Any]
    attempts: int
