from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.core.text import PATTERN, PATTERN_WITH_CONTENT, counted, fault_of, normalised, printable

UNSEEN = ["\x00", "\t", "\x1f", "\x7f", "\x85", "\u00ad", "\u200b", "\u200e", "\u2028", "\u202e", "\u2066"]
UNSEEN += ["\ufeff", "\ufffd", "\ufffe", "\ud800", "\udfff", "\U0001ffff", "\U000e0041"]


@pytest.mark.parametrize("character", UNSEEN)
def test_characters_that_nobody_sees_are_refused_by_name_and_place(character: str) -> None:
    assert (fault_of(f"ab{character}c") or "").startswith(f"Character 3 is U+{ord(character):04X} (")


@pytest.mark.parametrize("text", ["Señal", "GDPR – art. 35", "می‌خواهم", "👨‍👩‍👧", "क्‍ष", "𝔘nicode", "a\u00a0b"])
def test_what_people_write_is_kept(text: str) -> None:
    assert fault_of(text) is None
    assert normalised(text) == unicodedata.normalize("NFC", text)


def test_texts_are_composed_and_their_ends_cut() -> None:
    assert normalised("\u00a0 Cafe\u0301 ") == "Café"


def test_a_control_character_at_the_end_is_refused_and_not_cut() -> None:
    assert fault_of(normalised("abc\x1f")) is not None


def test_line_breaks_are_only_for_texts_of_several_lines() -> None:
    assert "a line break" in (fault_of("a\nb") or "")
    assert normalised("a\r\nb\rc\n", multiline=True) == "a\nb\nc"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(st.text(alphabet=st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"])))
def test_the_published_pattern_and_the_rule_agree(text: str) -> None:
    is_let_in = fault_of(text) is None
    assert bool(re.search(PATTERN.replace("$", r"\Z"), text)) == is_let_in
    has_content = is_let_in and normalised(text) != ""
    assert bool(re.search(PATTERN_WITH_CONTENT.replace("$", r"\Z"), text)) == has_content


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_anything_can_be_shown_in_a_message(text: str) -> None:
    shown = printable(text)
    assert fault_of(shown) is None
    assert len(shown.encode()) >= len(shown)


def test_long_texts_are_cut_in_messages() -> None:
    assert printable("x" * 100, 10) == "x" * 9 + "…"


def test_one_is_counted_as_one() -> None:
    assert [counted(number, "warning") for number in (0, 1, 1200)] == ["0 warnings", "1 warning", "1,200 warnings"]
