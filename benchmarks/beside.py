"""Side by side on the same concepts: what somebody would take instead.

Datasette over an SQLite table (from pip, in an environment of its own, since its dependencies are not ours), and the
usual way to write such endpoints (benchmarks/usual.py) on the server that the service runs on.
"""

from __future__ import annotations

import configparser
import contextlib
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from benchmarks import datasets, usual
from benchmarks.load import alternately, rate
from benchmarks.machine import ROOT, WORK, Missing, run
from benchmarks.samples import Samples, number
from benchmarks.sections import Effort, Section
from benchmarks.servers import Server, fetched, free_port, on_the_same_server, running, the_service
from competency_api.taxonomy.canonical import canonical_json
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.taxonomy import Taxonomy

_ENVIRONMENT = WORK / "datasette"
_LIST = 50
#: The differences are large, and each round of a slow competitor takes up to 21 seconds.
_ROUNDS = 3
#: Datasette without what nobody asked for: counts of all rows, facets and what might be one.
_LEAN = "_nocount=1&_nofacet=1&_nosuggest=1"
_WORD = "energy"


def measure(effort: Effort) -> Section:
    """One concept, a list and a search, each from the three. Raises Missing."""
    published = datasets.of_esco()
    taxonomy = datasets.read(published.file)
    code = taxonomy.kinds["competency"][len(taxonomy) // 2]
    with contextlib.ExitStack() as stack:
        service = stack.enter_context(the_service(published.database_url))
        way = stack.enter_context(_usual(taxonomy))
        datasette = stack.enter_context(_datasette(taxonomy))
        version = f"{service.url}/api/v1/versions/1.0.0"
        cases = {
            "one concept": {
                "service": f"{version}/concepts/{code}",
                "usual way": f"{way.url}/concepts/{code}",
                "Datasette": f"{datasette.url}/esco/concept/{code}.json?_shape=objects&{_LEAN}",
            },
            f"a list of {_LIST}": {
                "service": f"{version}/concepts?limit={_LIST}",
                "usual way": f"{way.url}/concepts?limit={_LIST}",
                "Datasette": f"{datasette.url}/esco/concept.json?_shape=objects&_size={_LIST}&{_LEAN}",
            },
            f"a search for “{_WORD}”": {
                "service": f"{version}/search?q={_WORD}",
                "Datasette": f"{datasette.url}/esco/concept.json?_shape=objects&_size=20&_search={_WORD}&{_LEAN}",
            },
        }
        rows = [_row(name, urls, effort) for name, urls in cases.items()]
    return Section(
        "beside",
        tables=[[("request", "service", "usual way", "Datasette"), *rows]],
        remarks=[
            "Answers a second, medians; in parentheses the size of the answer and how many times as many the service "
            f"gives. The concepts are those of ESCO 1.1.1. Datasette {_installed()} serves the file as immutable, with "
            "full-text search; the usual way has no search. The answers are not the same bytes."
        ],
    )


def _row(name: str, urls: Mapping[str, str], effort: Effort) -> tuple[str, ...]:
    sizes = {}
    for who, url in urls.items():
        answer = fetched(url)
        if answer.status != 200:
            raise RuntimeError(f"{url} is answered {answer.status}")
        sizes[who] = len(answer.body)
    targets = {who: partial(_rate, url, effort.seconds) for who, url in urls.items()}
    measured = alternately(min(effort.rounds, _ROUNDS), targets)
    cells = {who: _cell(samples, sizes[who], measured["service"], who) for who, samples in measured.items()}
    return (name, *(cells.get(who, "–") for who in ("service", "usual way", "Datasette")))


def _rate(url: str, seconds: int, _round: int) -> float:
    return rate(url, seconds)


def _cell(samples: Samples, size: int, service: Samples, who: str) -> str:
    times = "" if who == "service" else f"; × {number((service / samples).median, 0)}"
    return f"{number(samples.median, 0)} ({size:,} B{times})"


@contextlib.contextmanager
def _usual(taxonomy: Taxonomy) -> Iterator[Server]:
    file = WORK / "usual.sqlite"
    file.unlink(missing_ok=True)
    url = f"sqlite:///{file}"
    usual.fill(url, taxonomy)
    with on_the_same_server("benchmarks.usual:create_app", BENCH_DATABASE_URL=url) as server:
        yield server


@contextlib.contextmanager
def _datasette(taxonomy: Taxonomy) -> Iterator[Server]:
    python = _with_datasette()
    file = WORK / "esco.db"
    file.unlink(missing_ok=True)
    _fill(file, taxonomy)
    port = free_port()
    command = (
        str(python),
        "-m",
        "datasette",
        "serve",
        "-i",
        str(file),
        "-p",
        str(port),
        "--setting",
        "num_sql_threads",
        "1",
    )
    with running(command, port, ask="/-/versions.json") as server:
        yield server


def _fill(file: Path, taxonomy: Taxonomy) -> None:
    """One row a concept, nested parts as JSON, and a full-text index that Datasette finds by itself."""
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "CREATE TABLE concept "
            "(code TEXT PRIMARY KEY, kind TEXT, label TEXT, alternative TEXT, definition TEXT, content TEXT)"
        )
        connection.executemany("INSERT INTO concept VALUES (?, ?, ?, ?, ?, ?)", map(_columns, taxonomy))
        connection.execute(
            "CREATE VIRTUAL TABLE concept_fts USING fts5(label, alternative, definition, content='concept')"
        )
        connection.execute("INSERT INTO concept_fts(concept_fts) VALUES ('rebuild')")


def _columns(concept: Concept) -> tuple[str, ...]:
    alternative = "\n".join(text for labels in concept.labels.values() for text in labels.alternative)
    content = canonical_json(concept).decode()
    return concept.code, concept.kind, concept.name, alternative, concept.definition.get("en", ""), content


def _with_datasette() -> Path:
    """The interpreter of an environment with what the extra ``bench`` asks for. Raises Missing."""
    python = _ENVIRONMENT / "bin" / "python"
    if not (_ENVIRONMENT / ".ready").is_file():
        setup = configparser.ConfigParser()
        setup.read(ROOT / "setup.cfg", "utf-8")
        wanted = setup["options.extras_require"]["bench"].split("\n")
        run(sys.executable, "-m", "venv", str(_ENVIRONMENT))
        done = run(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *filter(None, wanted))
        if done.returncode:
            raise Missing(f"Datasette cannot be installed from pip here: {done.stderr.strip()}")
        (_ENVIRONMENT / ".ready").touch()
    return python


def _installed() -> str:
    return run(str(_ENVIRONMENT / "bin" / "python"), "-m", "datasette", "--version").stdout.split()[-1]
