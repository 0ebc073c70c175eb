"""The page about version numbers says what the code does: each row of its table is one example here."""

from __future__ import annotations

import re
from typing import Any

import pytest

from competency_api.taxonomy.changes import ChangeType
from competency_api.taxonomy.concept import Alignment, Labels, Retirement, Source, Successor
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.numbering import FIRST, next_number
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, a_taxonomy, a_uuid, edited, links, with_concepts, without
from tests.support.sources import ROOT


def aligned(label: str) -> Alignment:
    return Alignment(match="close", uri="http://e.org/1", scheme="Other", label=label)


PAGE = (ROOT / "docs/reference/version-numbers.md").read_text(encoding="utf-8")
START = edited(a_taxonomy(), "C001", alignments=(aligned("One"),))
LEVELS = START["C003"].attributes["levels"]
DEFINED = START["C001"].definition


def retired(taxonomy: Taxonomy, code: str, *successors: tuple[str, Any]) -> Taxonomy:
    ends = tuple(Successor(code=to, match=match) for to, match in successors)
    return edited(taxonomy, code, retirement=Retirement(reason="gone", on="2026-01-01", successors=ends))


def levelled(levels: Any, **fields: Any) -> Taxonomy:
    return edited(START, "C003", attributes={**START["C003"].attributes, "levels": levels}, **fields)


def related(code: str, *, without_: str = "", **relations: Any) -> Taxonomy:
    kept = {name: found for name, found in START[code].relations.items() if name != without_}
    return edited(START, code, relations={**kept, **relations})


def relabelled(code: str, english: Labels) -> Taxonomy:
    return edited(START, code, labels={**START[code].labels, "en": english})


def in_english_only(code: str) -> Taxonomy:
    concept = START[code]
    return edited(START, code, labels={"en": concept.labels["en"]}, definition={"en": concept.definition["en"]})


FEWER = {level: texts for level, texts in LEVELS.items() if level != "4"}
REWORDED = {**LEVELS, "1": {**LEVELS["1"], "en": "Otherwise"}}
MERGED = retired(retired(START, "B001", ("Q001", "equivalent")), "P001", ("Q001", "equivalent"))
OTHER = a_concept("technology", "T009")

Example = tuple[Taxonomy, Taxonomy]
#: By type and weight as the page has them, in its order: the state before and after.
EXAMPLES: list[tuple[str, str, list[Example]]] = [
    ("added", "minor", [(START, with_concepts(START, OTHER))]),
    ("retired", "major", [(START, retired(START, "B001")), (START, retired(START, "B001", ("Q001", "broader")))]),
    ("merged", "major", [(START, MERGED)]),
    ("split", "major", [(START, retired(START, "B001", ("Q001", "narrower"), ("P001", "narrower")))]),
    ("replaced", "minor", [(START, retired(START, "B001", ("Q001", "equivalent")))]),
    ("restored", "minor", [(retired(START, "B001"), START)]),
    ("renamed", "patch", [(START, relabelled("B001", Labels(preferred="N")))]),
    ("redefined", "patch", [(START, edited(START, "C001", definition={**DEFINED, "en": "Otherwise"}))]),
    ("redefined", "major", [(START, edited(START, "C001", definition={**DEFINED, "en": "Otherwise"}, meaning=2))]),
    ("moved", "minor", [(START, related("C003", broader=links("C001")))]),
    ("moved", "major", [(START, related("C003", without_="part_of"))]),
    ("relabelled", "patch", [(START, relabelled("C001", Labels(preferred="Competency C001", alternative=("B",))))]),
    ("translated", "minor", [(START, in_english_only("C001")), (in_english_only("C001"), START)]),
    ("translated", "patch", [(START, edited(START, "C001", translations={"es": "reviewed"}))]),
    ("linked", "minor", [(START, related("C001", requires=links("T001"))),
        (START, related("T001", without_="related"))]),
    ("linked", "minor", [(START, related("R001", expects=links("C002", level=3) + links("C003", level=3)))]),
    ("linked", "major", [(START, related("C003", without_="requires")), (START, related("R001", without_="expects"))]),
    ("aligned", "minor", [(START, edited(START, "C001", alignments=()))]),
    ("aligned", "patch", [(START, edited(START, "C001", alignments=(aligned("Two"),)))]),
    ("levelled", "patch", [(START, levelled(REWORDED))]),
    ("levelled", "major", [(START, levelled(REWORDED, meaning=2)), (START, levelled(FEWER))]),
    ("levelled", "minor", [(levelled(FEWER), START)]),
    ("reattributed", "minor", [(START, edited(START, "C001",
        attributes={**START["C001"].attributes, "phase": ["plan"]}))]),
    ("documented", "patch", [(START, edited(START, "C001", example={"en": "One"})),
        (START, edited(START, "C001", former_codes=("W01",))),
        (START, edited(START, "C001", sources=(Source(title="T"),)))]),
    ("removed", "major", [(START, without(START, "X001"))]),
    ("reidentified", "major", [(START, edited(START, "X001", uuid=a_uuid("other")))]),
]  # fmt: skip


def rows_of_the_page() -> list[tuple[str, str]]:
    """Type and weight of each row; a row that gives several of either is several."""
    found, types = [], [""]
    for line in re.findall(r"^\| (?!type|--)(.*) \|$", PAGE, re.MULTILINE):
        named, what, weight = (cell.strip() for cell in f"| {line}".removeprefix("|").split("|"))
        types = re.findall("`([a-z]+)`", named) or types
        weights = re.findall("patch|minor|major", weight.replace("*", ""))
        assert what
        found += [(kind, bump) for kind in types for bump in weights]
    return found


def test_every_row_has_an_example_and_every_example_a_row() -> None:
    assert rows_of_the_page() == [(kind, bump) for kind, bump, _ in EXAMPLES]


def test_every_type_of_change_is_on_the_page() -> None:
    assert {kind for kind, _ in rows_of_the_page()} == {kind.value for kind in ChangeType}


@pytest.mark.parametrize(
    ("kind", "bump", "examples"), EXAMPLES, ids=[f"{n}-{kind}-{bump}" for n, (kind, bump, _) in enumerate(EXAMPLES)]
)
def test_every_row_is_what_the_code_does(kind: str, bump: str, examples: list[Example]) -> None:
    for before, after in examples:
        changes = difference(before, after)
        numbering = next_number(FIRST, changes)
        found = {(change.type.value, change.bump.value) for entry in changes.entries for change in entry.changes}
        assert (kind, bump) in found
        assert numbering is not None
        assert numbering.bump == bump
