"""Differences as lines for a terminal."""

from __future__ import annotations

import msgspec
from hypothesis import assume, given

from competency_api.catalogue.listing import difference_lines
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_taxonomy
from tests.strategies import taxonomies
from tests.support.states import second_state


def test_the_terminal_shows_the_weightiest_first_and_names_what_is_linked() -> None:
    lines = list(difference_lines(difference(a_taxonomy(), second_state())))
    heads = [line for line in lines[:-1] if not line.startswith(" ")]
    assert [head[:4] for head in heads] == ["C002", "R001", "T002", "C001"]
    assert "        - C002 Competency C002, level 2" in lines
    assert "        + C001 Another name, level 2" in lines


@given(taxonomies())
def test_nothing_of_the_programming_language_reaches_a_person(state: Taxonomy) -> None:
    written = msgspec.json.encode(list(state))
    assume(b"{'" not in written and b"['" not in written)  # people may write it themselves
    text = "\n".join(difference_lines(difference(a_taxonomy(), state)))
    assert "{'" not in text
    assert "['" not in text
