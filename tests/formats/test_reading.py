"""What all formats share in reading: texts, shapes, places."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.core.text import fault_of, normalised
from competency_api.formats.reading.jsontext import JsonFault, JsonText, positions
from competency_api.formats.reading.shapes import Fault, faults_of
from competency_api.formats.reading.texts import _is_surely_clean, cleaned, cleaned_all
from competency_api.taxonomy.canonical import canonical_json
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.pointers import tokens
from tests.factories import a_concept
from tests.support.files import storable_json_values

ODD = st.sampled_from(
    [" ", "\n", "\x7f", "\u200b", "\u00a0", "e\u0301", "\u0301", "é", '"', "\\", "a", "\ud800", "\x00"]
)
TEXTS = st.lists(ODD, max_size=4).map("".join)
VALUES = st.recursive(
    TEXTS | st.integers(-9, 9) | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def at(value: Any, pointer: str) -> Any:
    for token in tokens(pointer):
        value = value[int(token)] if isinstance(value, list) else value[token]
    return value


@given(VALUES)
def test_looking_at_all_texts_at_once_gives_the_same_as_looking_at_each(value: Any) -> None:
    slow: list[Fault] = []
    fast: list[Fault] = []
    assert cleaned_all(value, "", fast) == cleaned(value, "", slow)
    assert fast == slow


def test_no_character_that_is_refused_passes_the_quick_look() -> None:
    refused = [chr(number) for number in range(0x110000) if fault_of(f"a{chr(number)}a")]
    assert len(refused) > 6000
    assert [character for character in refused if _is_surely_clean(f"a{character}a")] == []


@given(TEXTS)
def test_a_text_comes_out_clean_or_is_refused(text: str) -> None:
    faults: list[Fault] = []
    clean = cleaned({"x": text}, "/definition", faults)["x"]
    assert clean == normalised(text, multiline=True)
    assert bool(faults) == (fault_of(clean, multiline=True) is not None)


@given(storable_json_values(), st.integers(0, 3))
def test_every_part_of_a_json_value_is_found_where_it_stands(value: Any, indent: int) -> None:
    text = "  " + json.dumps(value, indent=indent, ensure_ascii=False)
    for pointer, position in positions(text, 2):
        cursor = JsonText(text, "")
        cursor.position = position
        if isinstance(at(value, pointer.rpartition("/")[0]), dict):
            assert cursor.value() == tokens(pointer)[-1]
            assert cursor.peek() == ":"
            cursor.position += 1
        assert cursor.value() == at(value, pointer)


@given(storable_json_values())
def test_the_walk_names_faults_exactly_where_the_decoder_refuses(value: Any) -> None:
    content = json.loads(canonical_json(a_concept())) | {"labels": value}
    try:
        msgspec.convert(content, Concept)
    except msgspec.ValidationError:
        assert list(faults_of(content, Concept))
    else:
        assert list(faults_of(content, Concept)) == []


@pytest.mark.parametrize("field", Concept.__struct_fields__)
@pytest.mark.parametrize(
    "value", [None, 1, 1.5, True, "x", ["x"], [1], {"x": 1}, {"x": {}}, [{}], {"x": [{"code": 1}]}]
)
def test_the_walk_agrees_with_the_decoder_for_every_field(field: str, value: Any) -> None:
    content = json.loads(canonical_json(a_concept())) | {field: value}
    try:
        msgspec.convert(content, Concept)
        is_right = True
    except msgspec.ValidationError:
        is_right = False
    assert is_right == (list(faults_of(content, Concept)) == [])


def test_a_place_counts_lines_and_characters_from_one() -> None:
    text = JsonText('{\n "ñ": [1,\n  2]}', "f", first_line=5)
    assert str(text.locate(0, "/ñ/1")) == "f:7:3"
    assert str(text.locate(0, "/ñ/9/x")) == "f:6:2"
    assert str(text.locate(0, "/absent")) == "f:5:1"


def test_what_is_no_json_stops_with_its_position() -> None:
    text = JsonText('{"a": [1, x]}', "f")
    with pytest.raises(JsonFault, match="A value is expected here") as fault:
        text.value()
    assert fault.value.position == 10
