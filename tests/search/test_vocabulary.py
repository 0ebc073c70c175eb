"""What a word of a query may mean: inflections, beginnings, compounds and typing errors."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from competency_api.search.finding.entries import Entries
from competency_api.search.finding.ranking import Quality
from competency_api.search.words.stemming import is_stop_word, stems
from competency_api.search.words.vocabulary import Vocabulary, allowed_typos
from tests.factories import a_concept, a_taxonomy, labels


def a_vocabulary(*english: str, spanish: tuple[str, ...] = (), definition: str = "") -> Vocabulary:
    """The vocabulary of one concept with these alternative labels."""
    concept = a_concept(
        labels={"en": labels("Concept", *english), "es": labels("Concepto", *spanish)},
        definition={"en": definition} if definition else {},
    )
    return Entries(a_taxonomy(concept)).vocabulary


def readings(vocabulary: Vocabulary, word: str, *, begun: bool = False) -> dict[str, Quality]:
    return {
        found: quality
        for meaning in vocabulary.meanings(word, ("en", "es"), may_be_begun=begun)
        for found, quality in meaning.readings.items()
    }


def test_a_known_word_means_itself_and_its_inflections() -> None:
    found = readings(a_vocabulary("cities", "city", "capacity"), "city")
    assert found == {"city": Quality.SAME, "cities": Quality.INFLECTED}


def test_inflections_are_those_of_each_language() -> None:
    vocabulary = a_vocabulary("contract", spanish=("ciudad inteligente", "ciudades"))
    assert set(readings(vocabulary, "ciudades")) == {"ciudad", "ciudades"}
    assert set(readings(vocabulary, "ciudad")) == {"ciudad", "ciudades"}


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("anonymisation", "anonymization"),
        ("analysing", "analyzing"),
        ("behaviour", "behavior"),
        ("programme", "program"),
    ],
)
def test_british_and_american_spellings_are_one_word(british: str, american: str) -> None:
    assert stems("en", [british]) == stems("en", [american])


def test_an_unknown_word_is_read_as_the_beginning_of_others() -> None:
    assert readings(a_vocabulary("procurement", "procuring"), "procu") == {
        "procurement": Quality.BEGINS,
        "procuring": Quality.BEGINS,
    }


def test_only_the_last_known_word_is_read_as_a_beginning_too() -> None:
    vocabulary = a_vocabulary("data", "database")
    assert readings(vocabulary, "data") == {"data": Quality.SAME}
    assert readings(vocabulary, "data", begun=True) == {"data": Quality.SAME, "database": Quality.CONTINUES}


@pytest.mark.parametrize(
    ("typed", "meant", "quality"),
    [
        ("privcy", "privacy", Quality.TYPO),
        ("pirvacy", "privacy", Quality.TYPO),
        ("xrivacy", "privacy", Quality.TYPO),
        ("concesoin", "concession", Quality.TYPOS),
        ("intermediatxo", "intermediation", Quality.TYPOS),
        ("intremed", "intermediation", Quality.TYPO),
    ],
)
def test_a_misspelt_word_means_what_is_nearest(typed: str, meant: str, quality: Quality) -> None:
    assert readings(a_vocabulary("privacy", "concession", "intermediation"), typed) == {meant: quality}


def test_short_words_and_words_with_digits_are_never_taken_for_misspelt() -> None:
    assert [allowed_typos(word) for word in ("iot", "data", "privacy", "contract", "2016679x")] == [0, 1, 1, 2, 0]
    assert readings(a_vocabulary("PPP", "ISO27001"), "ppq") == {}


def test_a_word_of_the_texts_is_known_and_not_corrected() -> None:
    vocabulary = a_vocabulary("quality", definition="Equality of access.")
    assert readings(vocabulary, "equality") == {"equality": Quality.SAME}


def test_words_written_together_are_two() -> None:
    meanings = a_vocabulary("smart city").meanings("smartcity", ("en",), may_be_begun=False)
    assert [meaning.word for meaning in meanings] == ["smart", "city"]


def test_words_written_apart_may_be_one() -> None:
    assert a_vocabulary("cybersecurity", "cyber", "security").joined("cyber", "security") == "cybersecurity"
    assert a_vocabulary("cyber", "security").joined("cyber", "security") is None


def test_looking_up_words_does_not_add_them() -> None:
    vocabulary = a_vocabulary("privacy")
    before = len(vocabulary)
    readings(vocabulary, "unheard")
    assert len(vocabulary) == before
    assert "unheard" not in vocabulary


def test_words_that_make_a_question_say_little() -> None:
    assert is_stop_word("en", "the")
    assert is_stop_word("en", "how")
    assert is_stop_word("es-MX", "de")
    assert not is_stop_word("en", "data")
    assert not is_stop_word("eu", "eta")


@st.composite
def misspellings(draw: st.DrawFn) -> tuple[list[str], str]:
    """Words that are like each other, and one of them with one edit."""
    words = draw(st.lists(st.text("abc", min_size=4, max_size=9), min_size=1, max_size=8, unique=True))
    word = draw(st.sampled_from(words))
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from("abcd"))
    head, tail = word[:at], word[at + 1 :]
    edits = [head + tail, head + letter + tail, head + letter + word[at:], word + letter]
    return words, draw(st.sampled_from([*edits, head + tail[:1] + word[at] + tail[1:]]))


@settings(max_examples=60)
@given(misspellings())
def test_words_that_share_a_half_are_all_that_one_edit_can_mean(case: tuple[list[str], str]) -> None:
    words, typed = case
    assume(len(typed) >= 4 and not any(word.startswith(typed) for word in words))
    meanings = a_vocabulary(*words).meanings(typed, (), may_be_begun=False)
    near = {word for word in words if OSA.distance(word, typed) <= 1}
    assert [dict(meaning.readings) for meaning in meanings] == [dict.fromkeys(near, Quality.TYPO)]
