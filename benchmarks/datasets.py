"""Taxonomies published in SQLite files, through the commands that people type, and how long that took."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from benchmarks import esco, synthetic
from benchmarks.machine import ROOT, SERVER, WORK, Missing, run
from competency_api.formats import FORMATS
from competency_api.taxonomy.canonical import from_canonical
from competency_api.taxonomy.taxonomy import Taxonomy

COMMAND = str(Path(sys.executable).parent / "competency-api")


@dataclass(frozen=True)
class Published:
    """A database with one version, 1.0.0, of the concepts in ``file``; ``previous`` is a release before it."""

    name: str
    file: Path
    previous: Path
    database_url: str
    import_seconds: float
    publish_seconds: float

    @property
    def concepts(self) -> int:
        with self.file.open("rb") as lines:
            return sum(1 for _ in lines) - 1


def read(file: Path) -> Taxonomy:
    """The concepts of an NDJSON file that was written here: its lines after the first are canonical JSON."""
    with file.open("rb") as lines:
        next(lines)
        return Taxonomy(map(from_canonical, lines))


def realdata() -> Path:
    """The folder of the real data. Raises Missing."""
    folder = Path(os.environ.get("REALDATA_DIR", ROOT.parent / "shared" / "data"))
    if not (folder / "esco").is_dir():
        raise Missing(
            "the ESCO files are not here: REALDATA_DIR names the folder that holds esco/ (benchmarks/README.md)"
        )
    return folder


@cache
def starter() -> str:
    """The URL of a database with the versions of the starter taxonomy."""
    url = _fresh("starter")
    _run(url, "migrate")
    _run(url, "seed", str(ROOT / "seeds"))
    return url


@cache
def of_esco() -> Published:
    """ESCO 1.1.1. Raises Missing."""
    data = realdata()
    files = [_written(f"esco-{release}", partial(esco.taxonomy, data, release)) for release in esco.RELEASES]
    return _published("ESCO 1.1.1", files[1], files[0])


@cache
def of_size(concepts: int) -> Published:
    """A synthetic one."""
    before = _written(f"synthetic-{concepts}", lambda: synthetic.taxonomy(concepts))
    after = _written(f"synthetic-{concepts}-following", lambda: synthetic.following(read(before)))
    return _published(f"synthetic {concepts:,}", after, before)


def _published(name: str, file: Path, previous: Path) -> Published:
    url = _fresh(file.stem)
    _run(url, "migrate")
    imported = _run(url, "import", str(file))
    published = _run(url, "publish", "--title", name)
    return Published(name, file, previous, url, imported, published)


def _written(name: str, make: Callable[[], Taxonomy]) -> Path:
    """The taxonomy as a file; made once, since it is always the same."""
    file = WORK / f"{name}.ndjson"
    if not file.is_file():
        unfinished = file.with_suffix(".unfinished")
        with unfinished.open("wb") as output:
            output.writelines(FORMATS["ndjson"].dump(make(), None))
        unfinished.rename(file)
    return file


def _fresh(name: str) -> str:
    for file in WORK.glob(f"{name}.sqlite*"):
        file.unlink()
    return f"sqlite:///{WORK / name}.sqlite"


def _run(database_url: str, *arguments: str) -> float:
    """Seconds that a command took, from the start of its process to the end, on one core."""
    began = time.perf_counter()
    done = run(COMMAND, *arguments, core=SERVER, environ={"DATABASE_URL": database_url})
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stdout[-1000:]}{done.stderr[-1000:]}")
    return time.perf_counter() - began
