"""A process that dies while it publishes leaves whole versions, loses none that it reported, and doubles none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from competency_api.core.db import Database
from competency_api.versions.queries import list_versions, load_draft
from competency_api.versions.verification import verify_versions
from tests.support import publisher
from tests.support.campaigns import rounds
from tests.support.processes import Aim, Processes, processes

KILLS = rounds(10, 300)


def killed_publisher(own: Processes, file: Path, first: int, aim: Aim) -> list[tuple[int, str]]:
    """What a publisher reported before it was killed: (state, version)."""
    process = own.publish(first, file)
    aim.wait(lambda: bool(file.read_text()))
    own.kill(process)
    lines = file.read_text().splitlines(keepends=True)
    return [(int(line.split()[0]), line.split()[1]) for line in lines if line.endswith("\n")]


@pytest.mark.slow
@pytest.mark.campaign
def test_killed_publications_are_whole_or_not_there(
    database: Database, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("rounds", KILLS)
    with processes(database) as own:
        states = survivors(database, own, tmp_path)
    with database.reading(fresh=True) as session:
        assert len(list_versions(session)) == states > 0


def survivors(database: Database, own: Processes, folder: Path) -> int:
    """How many states were published by all that were killed, and by who came after them."""
    first, reported, aim = 1, dict[int, str](), Aim(7)
    for number in range(KILLS):
        told = killed_publisher(own, folder / f"{number}", first, aim)
        aim.was(late=len(told) > 1)
        reported |= told
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
    return first - 1
