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


def killed_publisher(url: str, first: int, seconds: float) -> list[tuple[int, str]]:
    """What a publisher reported before it was killed, ``seconds`` after it was ready: (state, version)."""
    command = [sys.executable, "-m", "tests.support.publisher", url, str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(seconds)
        process.kill()
        return [(int(line.split()[0]), line.split()[1]) for line in process.stdout if line.endswith("\n")]


@pytest.mark.slow
@pytest.mark.campaign
def test_killed_publications_are_whole_or_not_there(
    database: Database, record_property: Callable[[str, object], None]
) -> None:
    record_property("rounds", KILLS)
    delays = random.Random(7)
    first, reported = 1, dict[int, str]()
    for _ in range(KILLS):
        reported |= killed_publisher(database.engine.url.render_as_string(hide_password=False), first,
                                     delays.uniform(0, 0.3))  # fmt: skip
        with database.reading(fresh=True) as session:
            assert verify_versions(session).faults == ()
            load_draft(session)  # checks every content against its digest
            keys = session.execute(sa.text("SELECT idempotency_key, major, minor, patch FROM version")).all()
        stored = {int(row[0].removeprefix("state-")): ".".join(map(str, row[1:])) for row in keys}
        assert reported.items() <= stored.items()
        # Asking again for the one that was cut off gives it, whether it had been committed or not.
        first = max(stored, default=0)
        if first:
            assert publisher.publish(database, first) == stored[first]
        first += 1
    with database.reading(fresh=True) as session:
        assert len(list_versions(session)) == first - 1 > 0
