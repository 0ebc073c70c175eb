"""Alignments: enough of them, and every address one that the other scheme really has."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.seeds import FIRST, TODAY, VERSIONS, active, state

CPV = "http://data.europa.eu/cpv/cpv/"
EPO = "http://data.europa.eu/a4g/ontology#"
#: Schemes, and of how many concepts in use at least one alignment leads to one of them.
AT_LEAST = {("ESCO",): 80, ("DPV",): 15, ("ePO", "CPV"): 15}


def rows(*parts: Path) -> Iterator[dict[str, str]]:
    for file in parts:
        content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        yield from csv.DictReader(io.StringIO(content.decode(), newline=""))


def known(scheme: str, data: Path) -> dict[str, str]:
    """Label by URI of every concept that the data have of a scheme."""
    folder = data / "alignments"
    if scheme == "ESCO":
        found = rows(data / "esco/v1.1.1/skills_en.csv.gz")
        return {row["conceptUri"].strip(): row["preferredLabel"].strip() for row in found}
    if scheme == "DPV":
        return {row["iri"]: row["label"] for row in rows(*sorted(folder.glob("dpv-*.csv")))}
    if scheme == "CPV":
        text = gzip.decompress((folder / "cpv_en.json.gz").read_bytes()).decode()
        return {CPV + code: name for code, name in re.findall(r'"cpv": "(\d{8})",\s*"name": "([^"]+)"', text)}
    text = gzip.decompress((folder / "ePO_core_4.2.0.ttl.gz").read_bytes()).decode()
    classes = re.findall(r'^a4g:(\w+) a owl:Class ;.*?skos:prefLabel "([^"]+)"@en', text, re.MULTILINE | re.DOTALL)
    return {EPO + name: label for name, label in classes}


@pytest.mark.parametrize("schemes", AT_LEAST, ids=" and ".join)
def test_enough_concepts_are_aligned_with_each_scheme(schemes: tuple[str, ...]) -> None:
    aligned = [c.code for c in active(TODAY) if any(a.scheme in schemes for a in c.alignments)]
    assert len(aligned) >= AT_LEAST[schemes]


def test_alignments_lead_to_four_schemes_only() -> None:
    assert {a.scheme for c in state(TODAY) for a in c.alignments} == {"ESCO", "DPV", "ePO", "CPV"}


def test_a_concept_of_another_scheme_stands_for_at_most_one_of_ours() -> None:
    exact = Counter(a.uri for c in active(TODAY) for a in c.alignments if a.match == "exact")
    assert [uri for uri, number in exact.items() if number > 1] == []
    for concept in active(TODAY):
        assert sum(a.match == "exact" and a.scheme == "ESCO" for a in concept.alignments) <= 1, concept.code


def test_no_concept_is_aligned_twice_with_the_same() -> None:
    for version in VERSIONS:
        for concept in state(version):
            uris = [a.uri for a in concept.alignments]
            assert len(uris) == len(set(uris)), concept.code


@pytest.mark.parametrize("scheme", ["ESCO", "DPV", "CPV", "ePO"])
def test_every_address_and_label_is_that_of_the_data(realdata: Path, scheme: str) -> None:
    labels = known(scheme, realdata)
    used = {(a.uri, a.label) for v in VERSIONS for c in state(v) for a in c.alignments if a.scheme == scheme}
    assert {(uri, label, labels.get(uri)) for uri, label in used if labels.get(uri) != label} == set()


def test_the_first_version_points_only_to_the_first_edition_of_esco(realdata: Path) -> None:
    first = {row["conceptUri"].strip() for row in rows(realdata / "esco/labels_es_v1.0.csv.gz")}
    assert {(c.code, a.label) for c in state(FIRST) for a in c.alignments if a.uri not in first} == set()
