"""A process that dies while it publishes leaves whole versions, loses none that it reported, and doubles none."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from competency_api.core.db import Database
from competency_api.versions.queries import list_versions, load_draft
from competency_api.versions.verification import verify_versions
from tests.support import publisher
from tests.support.campaigns import rounds

KILLS = rounds(20, 300)


def killed_publisher(url: str, first: int, seconds: float | None) -> tuple[list[tuple[int, str]], float]:
    """What a publisher reported before it was killed, and how long after it was ready: (state, version).

    That is after ``seconds``, or, if there are none, as soon as it has reported its first.
    """
    command = [sys.executable, "-m", "tests.support.publisher", url, str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        ready = time.monotonic()
        lines = [] if seconds is not None else [process.stdout.readline()]
        time.sleep(seconds or 0)
        process.kill()
        lived = time.monotonic() - ready
        lines += process.stdout
    return [(int(line.split()[0]), line.split()[1]) for line in lines if line.endswith("\n")], lived


@pytest.mark.slow
@pytest.mark.campaign
def test_killed_publications_are_whole_or_not_there(
    database: Database, record_property: Callable[[str, object], None]
) -> None:
    record_property("rounds", KILLS)
    delays = random.Random(7)
    url = database.engine.url.render_as_string(hide_password=False)
    # how long one takes here decides how long the others live: some die in their first, some in a later one
    told, usual = killed_publisher(url, 1, None)
    first, reported = 2, dict(told)
    for _ in range(KILLS):
        told, _ = killed_publisher(url, first, delays.uniform(0, 3 * usual))
        reported |= told
        with database.reading(fresh=True) as session:
            assert verify_versions(session).faults == ()
            load_draft(session)  # checks every content against its digest
            keys = session.execute(sa.text("SELECT idempotency_key, major, minor, patch FROM version")).all()
        stored = {int(row[0].removeprefix("state-")): ".".join(map(str, row[1:])) for row in keys}
        assert reported.items() <= stored.items()
        # Asking again for the one that was cut off gives it, whether it had been committed or not.
        first = max(stored)
        assert publisher.publish(database, first) == stored[first]
        first += 1
    with database.reading(fresh=True) as session:
        assert len(list_versions(session)) == first - 1 > 0
