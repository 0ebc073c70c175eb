"""What is measured inside one process: loading, indexing, searching, suggesting, comparing.

``python -m benchmarks.probe DATABASE_URL OLD.ndjson NEW.ndjson`` prints one line of JSON. It is a process of its own so
that nothing of one measurement is left in memory for the next.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import questions
from benchmarks.datasets import read
from benchmarks.machine import SERVER, run
from competency_api.catalogue.store import VersionStore
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.search.index import SearchIndex
from competency_api.search.values import SearchQuery, SuggestQuery
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.taxonomy import Taxonomy

_SEARCHES = 500
_LABELS_TYPED = 60


def probe(database_url: str, previous: Path, file: Path) -> dict[str, Any]:
    """Run it in a process on the server's core. Times in seconds."""
    command = [sys.executable, "-m", "benchmarks.probe", database_url, str(previous), str(file)]
    done = run(*command, core=SERVER)
    if done.returncode:
        raise RuntimeError(done.stderr)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _main(database_url: str, previous: str, file: str) -> dict[str, Any]:
    loading, taxonomy = _loading(database_url)
    began = time.perf_counter()
    index = SearchIndex(taxonomy)
    indexing = time.perf_counter() - began
    asked = [SearchQuery(text=text) for text in questions.searches(taxonomy, _SEARCHES)]
    typed = [SuggestQuery(text=text) for text in questions.typed(taxonomy, _LABELS_TYPED)]
    old, new = read(Path(previous)), read(Path(file))
    return {
        "load": loading,
        "index": indexing,
        "search": _each(index.search, asked),
        "suggest": _each(index.suggest, typed),
        "difference": [_seconds(lambda: difference(old, new)) for _ in range(3)],
    }


def _loading(database_url: str) -> tuple[list[float], Taxonomy]:
    """From the database to a version that is served, three times; nothing is kept between them."""
    times = []
    for _ in range(3):
        database = Database(Settings(database_url=database_url))
        store = VersionStore(database, max_bytes=2**40, refresh_seconds=1)
        began = time.perf_counter()
        taxonomy = store.taxonomy(store.versions()[-1])
        times.append(time.perf_counter() - began)
        database.close()
        del store
        gc.collect()
    return times, taxonomy


def _each(ask: Callable[[Any], object], queries: Iterable[Any]) -> list[float]:
    return [_seconds(partial(ask, query)) for query in queries]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps(_main(*sys.argv[1:])))
