"""Folding: what two spellings have in common, and where words stand in the original text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from competency_api.search.words.folding import folded_text, hyphenated, located_words, words


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("evaluacion", "EVALUACIÓN"),
        ("δεδομενων", "Δεδομένων"),
        ("πολισ", "πόλις"),
        ("strasse", "Straße"),
        ("lodz", "Łódź"),
        ("malmo", "Malmø"),
        ("istanbul", "İstanbul"),
        ("городскои", "городской"),
        ("שלום", "שָׁלוֹם"),
        ("m2", "m²"),
        ("office", "oﬃce"),
        ("ハス", "ﾊｽ"),
        ("procurement", "pro\u00adcurement"),
    ],
)
def test_spellings_that_a_reader_takes_for_the_same_fold_alike(typed: str, written: str) -> None:
    assert folded_text(typed) == folded_text(written)


def test_marks_that_make_another_letter_stay() -> None:
    assert folded_text("か") != folded_text("が")
    assert folded_text("कि") != folded_text("कु")


def test_punctuation_and_symbols_separate_words() -> None:
    assert words("Public–private: «data», l'eau & R&D ☃\x00x_y") == [
        *("public", "private", "data", "l", "eau", "r", "d", "x", "y")
    ]


def test_plus_and_hash_belong_to_the_word_that_they_end() -> None:
    assert words("C++ and C# or a+b, #tag +1") == ["c++", "and", "c#", "or", "a", "b", "tag", "1"]


def test_scripts_without_spaces_are_split_into_characters() -> None:
    assert words("数据保护 GDPR") == ["数", "据", "保", "护", "gdpr"]


def test_hyphenated_words_also_count_as_one() -> None:
    assert hyphenated("Pre-commercial and Wi-Fi, e-Health-ready - plain") == ["precommercial", "wifi", "ehealthready"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Protección de datos", ["Protección", "de", "datos"]),
        ("Große ½ Straße", ["Große", "½", "½", "Straße"]),
        ("Ω̈mega x", ["Ω̈mega", "x"]),
        ("数据", ["数", "据"]),
        ("oﬃce C++", ["oﬃce", "C++"]),
    ],
)
def test_places_are_counted_in_the_original_text(text: str, marked: list[str]) -> None:
    assert [text[start:end] for _word, start, end in located_words(text)] == marked


@given(st.text())
def test_any_text_folds_and_every_place_lies_inside_it(text: str) -> None:
    located = located_words(text)
    assert [word for word, _start, _end in located] == words(text)
    assert all(0 <= start < end <= len(text) for _word, start, end in located)


@given(st.text())
@example("\u0e33\u309f")
@example("0\U0001f210")
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert folded_text(folded_text(text)) == folded_text(text)
