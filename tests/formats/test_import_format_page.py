"""docs/reference/import-format.md: its examples can be imported as they stand, and it leaves out no column or field."""

from __future__ import annotations

import re

import pytest

from competency_api.formats.document import Header
from competency_api.formats.tabular.columns import ALWAYS
from competency_api.taxonomy.concept import Alignment, Concept, Labels, Retirement, Source, Successor
from competency_api.taxonomy.kinds import KINDS, RELATIONS
from tests.support.files import read, taxonomy_of
from tests.support.sources import ROOT

PAGE = (ROOT / "docs/reference/import-format.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```(json|ndjson|csv)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
NAMED = set(re.findall(r"[a-z_0-9]+(?:[.@][a-z_0-9@]+)*", PAGE))


@pytest.mark.parametrize(("name", "text"), EXAMPLES)
def test_every_example_can_be_imported_as_it_stands(name: str, text: str) -> None:
    assert len(taxonomy_of(read(name, text))) >= 1


def test_there_is_an_example_of_each_format() -> None:
    assert {name for name, _ in EXAMPLES} == {"json", "ndjson", "csv"}


def test_the_same_example_means_the_same_in_every_format() -> None:
    law = [taxonomy_of(read(name, text)).get("D001") for name, text in EXAMPLES]
    assert {concept.name for concept in law if concept} == {"Law and regulation"}


@pytest.mark.parametrize("struct", [Header, Concept, Labels, Alignment, Source, Retirement, Successor])
def test_the_page_names_every_field(struct: type[Concept]) -> None:
    assert set(struct.__struct_fields__) - NAMED == set()


def test_the_page_names_every_column_relation_and_attribute() -> None:
    attributes = {attribute.name for kind in KINDS.values() for attribute in kind.attributes}
    assert (attributes | set(RELATIONS)) - NAMED == set()
    by_range = {"levels.2@en", "levels.3@en"}  # "levels.1@en to levels.4@en"
    assert set(ALWAYS) - NAMED - by_range == set()
