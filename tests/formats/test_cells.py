"""The laws of cells: whatever is written can be read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.formats.tabular.cells import CellError, Free, Pairs, Records, Text, Texts, guarded, unguarded
from competency_api.taxonomy.concept import Alignment
from tests.support.files import storable_json_values

AWKWARD = st.text(st.sampled_from("ab |;=\\'se,\"\n") | st.characters(codec="utf-8"), max_size=8)


@given(AWKWARD | st.text(st.sampled_from("'=+-@\t\r\nx"), max_size=4))
def test_the_guard_comes_off_again_and_leaves_no_formula(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in tuple("=+-@\t\r\n＝＋－＠")


@given(AWKWARD)
def test_a_text_comes_back(text: str) -> None:
    assert Text().decode(Text().encode(text)) == text
    assert Text().encode(text)


@given(st.lists(AWKWARD, max_size=4))
def test_a_list_of_texts_comes_back(texts: list[str]) -> None:
    assert Texts().decode(Texts().encode(texts)) == texts


@given(st.lists(st.fixed_dictionaries({"code": AWKWARD}, optional={"level": st.integers(-(10**9), 10**9)}), max_size=3))
def test_links_with_levels_come_back(links: list[dict[str, Any]]) -> None:
    codec = Pairs("code", "level", is_number=True)
    assert codec.decode(codec.encode(links)) == links


@given(st.lists(st.dictionaries(st.sampled_from(Alignment.__struct_fields__), AWKWARD, min_size=1), max_size=3))
def test_records_come_back(records: list[dict[str, str]]) -> None:
    codec = Records(Alignment.__struct_fields__)
    assert codec.decode(codec.encode(records)) == records


@pytest.mark.parametrize("codec", [Free(), Free(Text()), Free(Texts()), Free(Records(("act", "article", "uri")))])
@given(value=storable_json_values())
def test_any_value_of_an_attribute_comes_back(codec: Free, value: Any) -> None:
    assert codec.decode(codec.encode(value)) == value


@pytest.mark.parametrize(
    ("cell", "texts"),
    [("a|b", ["a", "b"]), (" a |  b ", ["a", "b"]), ("a||b|", ["a", "b"]), (r"a\|b", ["a|b"]), ("a\\", ["a\\"])],
)
def test_lists_are_read_as_people_write_them(cell: str, texts: list[str]) -> None:
    assert Texts().decode(cell) == texts


@pytest.mark.parametrize("cell", ["C001=x", "C001=1=2", "C001=٣", "=", "=2", "C001 | ="])
def test_a_link_that_says_no_level_or_no_code_is_refused(cell: str) -> None:
    with pytest.raises(CellError, match=r"right is|whole number"):
        Pairs("code", "level", is_number=True).decode(cell)


def test_a_link_with_nothing_behind_its_sign_has_no_level() -> None:
    assert Pairs("code", "level", is_number=True).decode("C001=") == [{"code": "C001"}]
