"""The texts of the content: in six languages, of readable length, saying something and each something else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

import pytest
from rapidfuzz import fuzz

from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.kinds import LEVELS
from competency_api.taxonomy.rules.texts import LONGEST_DEFINITION, LONGEST_LABEL, SHORTEST_DEFINITION
from tests.support.seeds import FIRST, LANGUAGES, TODAY, VERSIONS, active, codes_in, sentence_of_readme, state, words

#: Level descriptors, questions and scope notes are written in these two.
EDITED = ("en", "es")
#: Definitions (of 100 equal ones) and labels from which two concepts count as nearly the same.
SAME_DEFINITION, SAME_LABEL = 63, 84
#: Descriptors of two levels from which they count as nearly the same.
SAME_LEVEL = 65

#: Pairs that may look alike, each for a reason.
ALIKE = {
    "one role in cities of three sizes": {("R001", "R002"), ("R001", "R003"), ("R002", "R003")},
    "parts of a split, and a merged concept, beside the retired one": {("P002", "P015"), ("P003", "P018")},
    "what a manager does, and the role": {("C002", "R001")},
    "what a manager does, and the knowledge it takes": {("C011", "Q016")},
    "the discipline, and one part of it": {("D003", "Q031")},
    "two parts of one field, whose Spanish adjectives resemble each other": {("Q031", "Q033")},
    "a kind of it": {("T010", "T011")},
}


def pairs(version: str) -> Iterator[tuple[Concept, Concept]]:
    return combinations(state(version), 2)


def stem(word: str) -> str:
    """The word without what inflection and derivation in these languages add."""
    return word[: max(5, len(word) - 2)]


def is_circular(label: str, definition: str) -> bool:
    """Whether every word of the label that carries meaning (four letters or more) is found in the definition again."""
    told = {stem(word) for word in words(label) if len(word) > 3}
    return bool(told) and all(any(word.startswith(start) for word in words(definition)) for start in told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_concept_in_use_has_label_and_definition_in_six_languages(language: str) -> None:
    lacking = [c.code for c in active(TODAY) if language not in c.labels or language not in c.definition]
    assert lacking == []


def test_level_descriptors_and_questions_are_in_english_and_spanish_at_least() -> None:
    for concept in active(TODAY, "competency"):
        levels = concept.attributes["levels"]
        assert set(levels) == {str(level) for level in LEVELS}, concept.code
        assert all(set(EDITED) <= set(texts) for texts in levels.values()), concept.code
    assert all(set(LANGUAGES) <= set(c.attributes["question"]) for c in active(TODAY, "challenge"))


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_not_english_is_a_draft_until_a_native_speaker_has_read_it(version: str) -> None:
    for concept in state(version):
        tags = set(concept.labels) | set(concept.definition) | set(concept.scope_note)
        assert concept.translations == dict.fromkeys(sorted(tags - {"en"}), "draft"), concept.code


@pytest.mark.parametrize("version", VERSIONS)
def test_no_label_is_too_long_and_no_definition_too_short_or_too_long(version: str) -> None:
    labels = [x.preferred for c in state(version) for x in c.labels.values()]
    definitions = [text for c in state(version) for text in c.definition.values()]
    assert [label for label in labels if len(label) > LONGEST_LABEL] == []
    assert [text for text in definitions if not SHORTEST_DEFINITION <= len(text) <= LONGEST_DEFINITION] == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_definition_only_repeats_its_label(version: str, language: str) -> None:
    found = [
        f"{c.code} {c.labels[language].preferred}: {c.definition[language]}"
        for c in state(version)
        if language in c.definition and is_circular(c.labels[language].preferred, c.definition[language])
    ]
    assert found == []


@pytest.mark.parametrize("language", EDITED)
def test_the_levels_of_a_competency_differ_in_what_a_person_does(language: str) -> None:
    for version in VERSIONS:
        for concept in active(version, "competency"):
            descriptors = [concept.attributes["levels"][str(level)][language] for level in LEVELS]
            closest = max(fuzz.token_sort_ratio(one, other) for one, other in combinations(descriptors, 2))
            assert closest < SAME_LEVEL, concept.code
            assert len({words(text)[0] for text in descriptors}) > 1, f"{concept.code}: one verb for all levels"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("language", EDITED)
def test_no_two_concepts_are_nearly_the_same(version: str, language: str) -> None:
    written = [c for c in state(version) if language in c.definition]
    found = {
        (one.code, other.code)
        for one, other in combinations(written, 2)
        if fuzz.token_sort_ratio(one.definition[language], other.definition[language]) >= SAME_DEFINITION
        or fuzz.token_sort_ratio(one.labels[language].preferred, other.labels[language].preferred) >= SAME_LABEL
    }
    assert found - set().union(*ALIKE.values()) == set()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_belongs_to_two_concepts(version: str, language: str) -> None:
    """A name leads to one concept, whatever its kind; what people type for several is a hidden label."""
    bearers: dict[str, set[str]] = defaultdict(set)
    for concept in active(version):
        names = concept.labels.get(language)
        for name in (names.preferred, *names.alternative) if names else ():
            bearers[name.casefold()].add(concept.code)
    assert {name: codes for name, codes in bearers.items() if len(codes) > 1} == {}


def test_no_allowance_for_likeness_has_lost_its_concepts() -> None:
    assert {code for group in ALIKE.values() for pair in group for code in pair} <= set(state(TODAY).concepts)


def test_only_the_concepts_that_the_readme_names_lack_a_spanish_text_in_the_first_version() -> None:
    lacking = {c.code for c in active(FIRST) for tag in LANGUAGES if tag not in c.definition or tag not in c.labels}
    warnings = sentence_of_readme("Warnings of the quality report that are meant:")
    assert lacking == codes_in(re.split("in 1.0.0", warnings)[0])
