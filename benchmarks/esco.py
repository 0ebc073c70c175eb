"""The ESCO skills pillar as a taxonomy of ours: the real thing of the size this service must carry.

``python -m benchmarks.esco DATA RELEASE > esco.ndjson`` reads the published CSV files of one release below ``DATA``
(``esco/v1.1.1/skills_en.csv.gz`` …) and writes a file that ``competency-api import`` takes. Every skill and every group
becomes a competency below one discipline. Its code is the place of its URI among the sorted URIs of all releases in
``DATA``, so that a concept has the same code in each of them.

What ESCO leaves open and our rules demand is filled in so that it can be told apart: a concept without a description
gets a definition that says so; the few concepts that share their English label with another get it followed by their
ESCO code or the end of their URI; a translation that two concepts share is left out, and so are characters that nobody
sees and broader links to concepts that are not in the release.

This service uses the ESCO classification of the European Commission.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import sys
import unicodedata
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from competency_api.formats import FORMATS
from competency_api.taxonomy.concept import Alignment, Concept, Labels, Relation, Source, normalised
from competency_api.taxonomy.taxonomy import Taxonomy

RELEASES = ("v1.1.0", "v1.1.1")
_FILES = ("skillGroups_en", "skills_en")
_TYPES = {"knowledge": "knowledge"}
_SOURCE = Source(title="ESCO skills pillar", publisher="European Commission", url="https://esco.ec.europa.eu")
_ROOT = Concept(
    code="D001",
    uuid="5f0b7f3e-3f0e-4f5a-8a55-1d6a1b1f2c01",
    kind="discipline",
    labels={"en": Labels(preferred="ESCO skills pillar")},
    definition={"en": "Everything that the skills pillar of the European classification ESCO describes, in one place."},
    attributes={"domain": "management"},
    sources=(_SOURCE,),
)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _text(value: str | None) -> str:
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Cf") else c for c in value or "")
    return unicodedata.normalize("NFC", " ".join(visible.split()))


def _lines(value: str | None) -> tuple[str, ...]:
    return tuple(text for line in (value or "").splitlines() if (text := _text(line)))


def read_rows(data: Path, release: str, name: str) -> Iterator[dict[str, str]]:
    """The rows of one file of a release: ``skills_en``, ``skillGroups_en``, ``broaderRelationsSkillPillar``."""
    return _rows(data / "esco" / release / f"{name}.csv.gz")


def rows(data: Path, release: str) -> dict[str, dict[str, str]]:
    """The rows of a release by URI."""
    return {row["conceptUri"]: row for name in _FILES for row in read_rows(data, release, name)}


def codes(data: Path) -> dict[str, str]:
    """The code of every URI that any release in the folder holds."""
    uris = {uri for release in RELEASES for uri in rows(data, release)}
    return {uri: f"C{number:05}" for number, uri in enumerate(sorted(uris), start=1)}


def _translations(data: Path, language: str) -> dict[str, Labels]:
    path = data / "esco" / f"labels_{language}_v1.0.csv.gz"
    labels: dict[str, Labels] = {}
    for row in _rows(path):
        if preferred := _text(row["preferredLabel"]):
            labels[row["conceptUri"]] = _labels(preferred, _lines(row.get("altLabels")), ())
    shared = Counter(label.preferred.casefold() for label in labels.values())
    return {uri: label for uri, label in labels.items() if shared[label.preferred.casefold()] == 1}


def _labels(preferred: str, alternative: tuple[str, ...], hidden: tuple[str, ...]) -> Labels:
    """Labels without the repetitions between their types that ESCO has (SKOS condition S13)."""
    taken = {preferred}
    kept = tuple(text for text in dict.fromkeys(alternative) if text not in taken)
    taken |= set(kept)
    unused = tuple(text for text in dict.fromkeys(hidden) if text not in taken)
    return Labels(preferred=preferred, alternative=kept, hidden=unused)


def _parents(data: Path, release: str, known: dict[str, str]) -> dict[str, set[str]]:
    parents: dict[str, set[str]] = defaultdict(set)
    for row in read_rows(data, release, "broaderRelationsSkillPillar"):
        if row["conceptUri"] in known and row["broaderUri"] in known:
            parents[row["conceptUri"]].add(known[row["broaderUri"]])
    return parents


def _concept(uri: str, code: str, row: dict[str, str], labels: dict[str, Labels], parents: set[str]) -> Concept:
    description = _text(row.get("description")) or f"ESCO gives no description of {labels['en'].preferred}."
    relations = {"part_of": (Relation(code="D001"),), "broader": tuple(Relation(code=p) for p in sorted(parents))}
    return normalised(
        Concept(
            code=code,
            uuid=str(uuid.UUID(bytes=hashlib.sha256(uri.encode()).digest()[:16], version=4)),
            kind="competency",
            labels=labels,
            definition={"en": description},
            translations={tag: "reviewed" for tag in labels if tag != "en"},
            relations=relations,
            alignments=(Alignment(match="exact", uri=uri, scheme="ESCO", label=labels["en"].preferred),),
            attributes={"type": _TYPES.get(row.get("skillType", ""), "skill")},
            sources=(_SOURCE,),
        )
    )


def taxonomy(data: Path, release: str, languages: tuple[str, ...] = ("es", "fr")) -> Taxonomy:
    """One release of ESCO as a taxonomy of ours. ``data`` is the folder that holds ``esco/``."""
    found = rows(data, release)
    code_by_uri = codes(data)
    parents = _parents(data, release, {uri: code_by_uri[uri] for uri in found})
    translations = {language: _translations(data, language) for language in languages}
    names = Counter(_text(row["preferredLabel"]).casefold() for row in found.values())
    concepts = [_ROOT]
    for uri, row in found.items():
        name = _text(row["preferredLabel"])
        if names[name.casefold()] > 1:
            name = f"{name} ({row.get('code') or uri.rsplit('/', 1)[-1]})"
        labels = {"en": _labels(name, _lines(row.get("altLabels")), _lines(row.get("hiddenLabels")))}
        labels |= {language: by_uri[uri] for language, by_uri in translations.items() if uri in by_uri}
        concepts.append(_concept(uri, code_by_uri[uri], row, labels, parents[uri]))
    return Taxonomy(concepts)


def main(data: str, release: str) -> None:
    for chunk in FORMATS["ndjson"].dump(taxonomy(Path(data), release), None):
        sys.stdout.buffer.write(chunk)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[2] not in RELEASES:
        sys.exit(f"usage: python -m benchmarks.esco DATA {'|'.join(RELEASES)} > FILE.ndjson")
    main(*sys.argv[1:])
