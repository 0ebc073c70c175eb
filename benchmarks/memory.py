"""``python -m benchmarks.memory DATABASE_URL``: resident memory of one more loaded version per byte of its content.

It is what :data:`competency_api.catalogue.store.OBJECT_FACTOR` estimates. The first load also needs room for what the
database hands over, which is used again by the next; so several are loaded, and the first does not count.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
from pathlib import Path

from benchmarks.machine import run
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions import queries

_INDEXES = ("digest", "digests", "kinds", "_incoming", "by_former_code", "by_alignment", "by_uuid", "languages")


def factor(database_url: str) -> float:
    """Run it in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.memory", database_url]
    done = run(*command)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return float(done.stdout.splitlines()[-1])


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _loaded(database: Database) -> Taxonomy:
    with database.reading() as session:
        taxonomy = queries.load_taxonomy(session, queries.list_versions(session)[-1])
    for name in _INDEXES:
        getattr(taxonomy, name)
    gc.collect()
    return taxonomy


def _main(database_url: str) -> float:
    database = Database(Settings(database_url=database_url))
    kept = [_loaded(database)]
    factors = []
    for _ in range(3):
        before = _resident()
        kept.append(_loaded(database))
        factors.append((_resident() - before) / kept[-1].content_bytes)
    database.close()
    return statistics.median(factors)


if __name__ == "__main__":
    print(_main(sys.argv[1]))
