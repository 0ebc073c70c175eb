from __future__ import annotations

from typing import Any

import pytest

from competency_api.concepts import tree
from competency_api.concepts.tree import grown
from competency_api.core.errors import InvalidInput
from competency_api.taxonomy.concept import Retirement
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, a_taxonomy, links


def chain(*codes: str, **fields: Any) -> list[Any]:
    """Technologies, each below the one before."""
    pairs = zip((None, *codes), codes, strict=False)
    return [
        a_concept("technology", code, relations={"broader": links(upper)} if upper else {}, **fields)
        for upper, code in pairs
    ]


def outline(nodes: list[dict[str, Any]]) -> list[Any]:
    return [[node["code"], *outline(node["children"])] for node in nodes]


def grow(taxonomy: Taxonomy, *codes: str, depth: int | None = None) -> list[dict[str, Any]]:
    return grown(taxonomy, codes, lambda code: {"code": code}, depth)


def test_a_tree_nests_what_is_below() -> None:
    assert outline(grow(a_taxonomy(*chain("T001", "T002", "T003")), "T001")) == [["T001", ["T002", ["T003"]]]]


def test_levels_that_are_not_shown_are_counted() -> None:
    found = grow(a_taxonomy(*chain("T001", "T002", "T003")), "T001", depth=2)
    assert outline(found) == [["T001", ["T002"]]]
    assert found[0]["children"][0]["children_total"] == 1


def test_a_concept_stands_below_each_of_its_parents() -> None:
    both = a_concept("technology", "T003", relations={"broader": links("T001", "T002")})
    state = a_taxonomy(a_concept("technology", "T001"), a_concept("technology", "T002"), both)
    assert outline(grow(state, "T001", "T002")) == [["T001", ["T003"]], ["T002", ["T003"]]]


def test_retired_concepts_are_left_out_below() -> None:
    ended = Retirement(reason="no longer needed", on="2026-01-01")
    below = a_concept("technology", "T002", relations={"broader": links("T001")}, retirement=ended)
    assert grow(a_taxonomy(a_concept("technology", "T001"), below), "T001")[0]["children_total"] == 0


def test_a_hierarchy_of_any_depth_does_not_break_it() -> None:
    codes = [f"T{n:04}" for n in range(1, 3001)]
    nodes = grow(a_taxonomy(*chain(*codes)), codes[0])
    depth = 1
    while nodes[0]["children"]:
        nodes, depth = nodes[0]["children"], depth + 1
    assert depth == 3000


def test_a_tree_that_would_grow_beyond_all_bounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MOST_NODES", 2)
    with pytest.raises(InvalidInput):
        grow(a_taxonomy(*chain("T001", "T002", "T003")), "T001")
