"""A process that publishes one version after the other until it is killed: ``python -m tests.support.publisher URL``.

Writes a line to standard output when it is ready and after each version that was committed.
"""

from __future__ import annotations

import itertools
import sys

from competency_api.core import logs
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.taxonomy.concept import Concept, Labels
from tests.factories import a_concept, links
from tests.support.states import published


def state(number: int) -> list[Concept]:
    """Eighty renamed concepts: enough statements and rows for a kill to fall into any of them."""
    return [
        a_concept(code=f"C{n}", label=f"Concept {n}", labels={"en": Labels(preferred=f"Concept {n} in state {number}")},
                  relations={"part_of": links("D001")})
        for n in range(100, 180)
    ]  # fmt: skip


def publish(database: Database, number: int) -> str:
    """Publish the state ``number``, once however often it is asked for."""
    version = published(database, [a_concept("discipline", "D001"), *state(number)], idempotency_key=f"state-{number}")
    return str(version.number)


def main(url: str, first: int) -> None:
    logs.configure("error", "console")
    database = Database(Settings.from_env({"DATABASE_URL": url}))
    database.ping()
    print("ready", flush=True)  # noqa: T201  # this is how it talks to the test
    for number in itertools.count(first):
        print(number, publish(database, number), flush=True)  # noqa: T201  # the same


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
