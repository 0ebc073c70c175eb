"""Sentences labelled with ESCO skills, and how well an order of concepts agrees with the labels.

The sentences are the validation sets of the Skill Extraction benchmark (Decorte and others 2022, *Design of Negative
Sampling Strategies for Distantly Supervised Skill Extraction*, arXiv 2209.05987), below ``suggest/`` of the real data:
a row is one span of a sentence with the preferred label of one skill. Rows of one sentence belong together; rows that
say ``LABEL NOT PRESENT`` or ``UNDERSPECIFIED`` do not count, and sentences without any other are left out, as there.
"""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks import esco
from competency_api.taxonomy.taxonomy import Taxonomy

SETS = ("house", "tech")
_NO_LABEL = {"", "LABEL NOT PRESENT", "UNDERSPECIFIED"}
_RELEASE = "v1.1.1"


@dataclass(frozen=True)
class Labelled:
    """A sentence with, for each of its labels, the codes that go by it (two skills share a name now and then).

    ``half`` is 0 or 1 by the SHA-256 of the labels, so that sentences that say the same are in the same half.
    """

    text: str
    labels: tuple[frozenset[str], ...]
    half: int


def skills(data: Path, *, with_groups: bool = False) -> Taxonomy:
    """The skills of ESCO 1.1.1 in English. The sets were labelled with skills; groups above them only get between."""
    taxonomy = esco.taxonomy(data, _RELEASE, languages=())
    if with_groups:
        return taxonomy
    groups = {row["conceptUri"] for row in esco.read_rows(data, _RELEASE, "skillGroups_en")}
    return Taxonomy(c for c in taxonomy if c.alignments and c.alignments[0].uri not in groups)


def sentences(data: Path, name: str) -> list[Labelled]:
    """The labelled sentences of a set, in its order."""
    codes = _codes_by_label(data)
    labels: dict[str, list[str]] = defaultdict(list)
    with (data / "suggest" / f"{name}_validation_annotations.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            label = row["label"].strip()
            if label not in _NO_LABEL and label not in labels[row["sentence"]]:
                labels[row["sentence"]].append(label)
    return [
        Labelled(text, tuple(codes[label.casefold()] for label in found), _half(found))
        for text, found in labels.items()
        if found
    ]


@cache
def _codes_by_label(data: Path) -> dict[str, frozenset[str]]:
    by_uri = esco.codes(data)
    found: dict[str, set[str]] = defaultdict(set)
    for row in esco.read_rows(data, _RELEASE, "skills_en"):
        found[row["preferredLabel"].strip().casefold()].add(by_uri[row["conceptUri"]])
    return {label: frozenset(codes) for label, codes in found.items()}


def _half(labels: Iterable[str]) -> int:
    return hashlib.sha256("\n".join(sorted(labels)).encode()).digest()[0] % 2


def r_precision(ranked: Sequence[str], labels: Sequence[frozenset[str]], most: int = 5) -> float:
    """R-Precision at ``most``: labels among the first ``most`` concepts, divided by the labels that fit in there.

    RP@K of Chalkidis and others (2019, *Large-Scale Multi-Label Text Classification on EU Legislation*), which the
    benchmark reports: hits in the top K over min(K, R), R being the number of labels of the sentence.
    """
    top = set(ranked[:most])
    return sum(not top.isdisjoint(codes) for codes in labels) / min(most, len(labels))


def mean_r_precision(rank: Callable[[str], Sequence[str]], given: Iterable[Labelled]) -> float:
    """The mean over sentences, each weighing the same."""
    found = [r_precision(rank(one.text), one.labels) for one in given]
    return sum(found) / len(found)
