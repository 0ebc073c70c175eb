"""A provider's mappings imported, against the fastest insert that the driver has: the same rows, in the same run."""

from __future__ import annotations

import io
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.databases import DATABASES, sqlite
from benchmarks.machine import WORK
from benchmarks.samples import Samples, at_least, at_most, told
from benchmarks.sections import Effort, Section
from competency_api.accounts import service as accounts
from competency_api.accounts.values import COMMAND_LINE
from competency_api.catalogue.store import VersionStore
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.migrations import upgrade
from competency_api.courses.bulk.files.inputs import Input
from competency_api.courses.bulk.importing import Options
from competency_api.courses.bulk.worker import run_import
from competency_api.courses.pins import Pins
from competency_api.interchange.cli import seed_if_empty
from tests.support.sources import ROOT

ROWS = 100_000
MANY = 1_000_000
A_COURSE = 20
_EVIDENCE = "a sentence of the description that says so"
_COLUMNS = "organisation_id, course_id, concept, relation, version_id, level, hours, evidence, span, since"
_CODE = "benchmark"


def measure(effort: Effort) -> Section:
    """On both databases; memory with a million rows on SQLite, in a process of its own."""
    section = Section("courses")
    for name, made in DATABASES:
        with made("courses") as url:
            raw, ours, again = _rounds(url, effort.rounds)
            ratio = Samples.of(mine / theirs for mine, theirs in zip(ours.values, raw.values, strict=True))
            section.figures += [
                at_least(f"{name}: {ROWS:,} mappings, rate of the import against the raw insert", ratio, 0.5),
                told(f"{name}: import", ours, "rows/s", 0),
                told(f"{name}: raw insert", raw, "rows/s", 0),
                told(f"{name}: the same file again, unchanged", again, "rows/s", 0),
            ]
    megabytes, seconds = _of_many()
    section.figures.append(at_most(f"memory of an import of {MANY:,} mappings", Samples((megabytes,)), 300, "MB", 0))
    section.figures.append(told(f"time of an import of {MANY:,} mappings", Samples((seconds,)), "s", 1))
    section.remarks.append(
        "Raw: `executemany` of sorted tuples (SQLite), `COPY` of them (PostgreSQL), into the same table with the same "
        "indexes. The import reads CSV, checks each row, and writes mappings and sums."
    )
    return section


def _prepared(database: Database, courses: int) -> tuple[Pins, list[str]]:
    """A provider with so many courses; the codes that there are."""
    upgrade(database)
    seed_if_empty(database, ROOT / "seeds")
    with database.transaction() as session:
        accounts.create_organisation(session, COMMAND_LINE, _CODE, "Benchmark", "provider")
    pins = Pins(VersionStore(database, max_bytes=2**30, refresh_seconds=60), "http://127.0.0.1:8000")
    table = "external_id,title@en\n" + "".join(f"S-{n:06d},Course {n}\n" for n in range(1, courses + 1))
    _import(database, pins, table.encode())
    taxonomy = pins.taxonomy(pins.resolve().id)
    return pins, [concept.code for concept in taxonomy if concept.retirement is None]


def _import(database: Database, pins: Pins, table: bytes) -> None:
    run_import(database, COMMAND_LINE, _CODE, [Input("file.csv", "csv", io.BytesIO(table))], Options(), pins)


def _rows(codes: list[str], count: int) -> Iterator[tuple[int, str, str, int | None, int]]:
    chance = random.Random(1)
    for course in range(1, count // A_COURSE + 1):
        for code in sorted(chance.sample(codes, A_COURSE)):
            relation = chance.choice(("teaches", "assesses", "requires"))
            yield course, code, relation, chance.randint(1, 4) if code[0] == "C" else None, chance.randint(1, 40)


def _table(rows: Iterator[tuple[int, str, str, int | None, int]]) -> Iterator[bytes]:
    yield b"course,concept,relation,level,hours,evidence\n"
    for course, code, relation, level, hours in rows:
        yield f"S-{course:06d},{code},{relation},{level or ''},{hours},{_EVIDENCE}\n".encode()


def _rounds(url: str, rounds: int) -> tuple[Samples, Samples, Samples]:
    """Rows a second of the raw insert, of the import, and of the import of what is there already."""
    raw, ours, again = [], [], []
    with closing(Database(Settings.from_env({"DATABASE_URL": url}))) as database:
        pins, codes = _prepared(database, ROWS // A_COURSE)
        table = b"".join(_table(_rows(codes, ROWS)))
        version = pins.resolve().id
        tuples = [(1, *row[:3], version, row[3], row[4] * 100, _EVIDENCE, "", 1) for row in _rows(codes, ROWS)]
        for _ in range(rounds):
            raw.append(ROWS / _seconds(lambda: _insert(database, tuples)))
            _empty(database)
            ours.append(ROWS / _seconds(lambda: _import(database, pins, table)))
            again.append(ROWS / _seconds(lambda: _import(database, pins, table)))
            _empty(database)
    return Samples.of(raw), Samples.of(ours), Samples.of(again)


def _seconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _insert(database: Database, rows: list[tuple[Any, ...]]) -> None:
    with database.transaction() as session:
        driver: Any = session.connection().connection.dbapi_connection
        if database.is_sqlite:
            driver.executemany(f"INSERT INTO mapping ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        else:
            with driver.cursor() as cursor, cursor.copy(f"COPY mapping ({_COLUMNS}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


def _empty(database: Database) -> None:
    """As before the first import; PostgreSQL would otherwise go through the rows that are no longer there."""
    tables = ("mapping", "mapping_history", "coverage_sum", "coverage_total")
    with database.transaction() as session:
        for table in tables:
            session.execute(sa.text(f"DELETE FROM {table}" if database.is_sqlite else f"TRUNCATE {table}"))


def _of_many() -> tuple[float, float]:
    """Megabytes and seconds of an import of many rows, by a process that does nothing else."""
    command = [sys.executable, "-m", "benchmarks.courses"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    megabytes, seconds = done.stdout.split()[-2:]
    return float(megabytes), float(seconds)


def _import_many() -> None:
    file = Path(WORK) / "courses.csv"
    with sqlite("courses") as url, closing(Database(Settings.from_env({"DATABASE_URL": url}))) as database:
        pins, codes = _prepared(database, MANY // A_COURSE)
        with file.open("wb") as target:
            target.writelines(_table(_rows(codes, MANY)))
        with file.open("rb") as source:
            files = [Input("file.csv", "csv", source)]
            seconds = _seconds(lambda: run_import(database, COMMAND_LINE, _CODE, files, Options(), pins))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, seconds)


if __name__ == "__main__":
    WORK.mkdir(parents=True, exist_ok=True)
    _import_many()
