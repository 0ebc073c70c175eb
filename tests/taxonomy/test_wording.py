"""Edits as people read them."""

from __future__ import annotations

from typing import Any

import pytest

from competency_api.taxonomy.changes import Edit
from competency_api.taxonomy.wording import edit_lines, named_links, readable

NAMES = {"C001": "Lead", "C003": "Plan"}
RETIREMENT = {"reason": "merged", "on": "2026-01-01", "successors": [{"code": "C001", "match": "equivalent"}]}


def test_of_lists_a_person_sees_only_the_entries_that_differ() -> None:
    edit = Edit("/relations/requires", [{"code": "C001"}, {"code": "C002"}], [{"code": "C002"}, {"code": "C003"}])
    assert edit_lines(edit, NAMES) == (["C001 Lead"], ["C003 Plan"])
    assert edit_lines(Edit("/definition/en", "before", "after"), {}) == (["before"], ["after"])
    assert edit_lines(Edit("/sources", None, [{"title": "A law", "year": 2020}]), {}) == ([], ["A law · 2020"])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"code": "C001", "level": 2}, "C001 Lead, level 2"),
        ({"code": "C009"}, "C009"),
        (RETIREMENT, "reason: merged · on: 2026-01-01 · successors: C001 Lead, match equivalent"),
        ([{"code": "C001"}, {"code": "C003"}], "C001 Lead; C003 Plan"),
        (["a", "b"], "a; b"),
        (3, "3"),
        (True, "true"),
    ],
)
def test_every_value_is_read_in_one_row(value: Any, text: str) -> None:
    assert readable(value, NAMES) == text


def test_links_of_retirements_and_relations_are_named() -> None:
    assert named_links(Edit("/retirement", None, RETIREMENT), NAMES) == "C001 Lead"
    assert (
        named_links(Edit("/relations/requires", [{"code": "C003"}], [{"code": "C001"}]), NAMES)
        == "C003 Plan; C001 Lead"
    )
    assert named_links(Edit("/sources", None, [{"code": "C001"}]), NAMES) == ""
