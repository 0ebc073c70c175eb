"""Suggestions for texts: what supports them, what comes first, and what holds whatever is sent."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.matching.matcher import Matcher
from competency_api.matching.values import MOST_OF_DESCRIPTION, Match, MatchQuery, MatchResult
from competency_api.taxonomy.concept import Labels, Retirement
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, labels
from tests.strategies import taxonomies
from tests.support.seeds import TODAY, state

TAXONOMY = state(TODAY)
MATCHER = Matcher(TAXONOMY)
COURSE = MatchQuery(
    title="Procuring smart cities",
    description="You learn to run a competitive dialogue.\nCompetitive dialogue and framework agreements are compared.",
)
#: A second of processor time is ten times what the slowest of them takes on an idle machine.
HOSTILE = {
    "one letter": "a" * MOST_OF_DESCRIPTION,
    "one word": "data " * (MOST_OF_DESCRIPTION // 5),
    "letters": "a " * (MOST_OF_DESCRIPTION // 2),
    "marks": "e" + "\u0301" * (MOST_OF_DESCRIPTION - 1),
    "right to left": "\u202eحماية البيانات " * 3_000,
    "no spaces": "数据保护" * (MOST_OF_DESCRIPTION // 4),
    "no words": "?!… " * (MOST_OF_DESCRIPTION // 4),
    "lines": "\n" * MOST_OF_DESCRIPTION,
    "every label": " ".join(c.labels["en"].preferred for c in TAXONOMY)[:MOST_OF_DESCRIPTION],
    "turns": "but " * (MOST_OF_DESCRIPTION // 4),
    "halves": "\ud800" * 1_000,
    "needs": "prerequisites: " * (MOST_OF_DESCRIPTION // 15),
}


def codes(result: MatchResult) -> list[str]:
    return [match.code for match in result.matches]


def of(*concepts: tuple[str, Labels]) -> Matcher:
    return Matcher(Taxonomy(a_concept("technology", code, labels={"en": own}) for code, own in concepts))


def first(matcher: Matcher, text: str) -> Match:
    return matcher.match(MatchQuery(description=text, language="en")).matches[0]


def texts_of(query: MatchQuery, match: Match) -> list[str]:
    fields = {"title": query.title, "description": query.description}
    return [fields[span.field][span.start : span.end] for span in match.spans]


# -- what is suggested, and why ----------------------------------------------------------------------------------------


def test_a_suggestion_says_which_words_support_it_and_which_label_they_are_in() -> None:
    found = MATCHER.match(COURSE)
    best = found.matches[0]
    assert (best.code, found.language, found.is_guessed) == ("Q006", "en", True)
    assert texts_of(COURSE, best) == ["competitive dialogue", "Competitive dialogue"]
    assert (best.why.label_type, best.why.label, best.why.words) == (
        "preferred",
        "Competitive dialogue",
        ("competitive", "dialogue"),
    )
    assert best.confidence > 0.5


def test_offsets_count_characters_of_the_text_as_it_was_sent() -> None:
    text = "👩‍🚒 ﬁne e\u0301te\u0301 cafe\u0301: cloud computing"
    [span] = first(MATCHER, text).spans
    assert text[span.start : span.end] == "cloud computing"


def test_words_that_stand_apart_are_spans_of_their_own() -> None:
    query = MatchQuery(description="Computing that happens in a cloud", language="en")
    [match] = [m for m in MATCHER.match(query).matches if m.code == "T005"]
    assert texts_of(query, match) == ["Computing", "cloud"]


def test_a_hidden_label_finds_its_concept_and_is_not_shown() -> None:
    matcher = of(("T001", labels("Sensor", hidden=("thingamabob",))), ("T002", labels("Meter")))
    found = first(matcher, "All about the thingamabob")
    assert (found.code, found.why.label_type, found.why.label) == ("T001", "hidden", "")


def test_what_is_in_brackets_need_not_be_in_the_text() -> None:
    matcher = of(("T001", labels("Java (computer programming)")), ("T002", labels("computer chess")))
    assert first(matcher, "Java for all").code == "T001"


def test_the_label_that_is_there_whole_comes_before_one_that_is_there_in_part() -> None:
    matcher = of(("T001", labels("public cloud storage rules")), ("T002", labels("cloud storage")))
    assert first(matcher, "Cloud storage explained").code == "T002"


def test_words_side_by_side_say_more_than_words_far_apart() -> None:
    near, far = "Today: smart grid and other matters of the day", "Smart people talk all day of one or another grid"
    matcher = of(("T001", labels("smart grid")))
    assert first(matcher, near).score > first(matcher, far).score


def test_words_written_together_or_apart_are_the_same() -> None:
    matcher = of(("T001", labels("data protection")), ("T002", labels("lifecycle")))
    assert first(matcher, "dataprotection for all").code == "T001"
    assert first(matcher, "the life cycle of things").code == "T002"


def test_an_acronym_that_is_also_a_little_word_must_be_in_capitals() -> None:
    matcher = of(("T001", labels("Intelligent transport systems", "ITS")))
    assert first(matcher, "Lessons about ITS today").code == "T001"
    assert matcher.match(MatchQuery(description="the city and its people", language="en")).matches == ()


def test_one_word_does_not_fill_the_list_where_others_are_named_too() -> None:
    matcher = of(
        ("T001", labels("grid")),
        ("T002", labels("grid storage")),
        ("T003", labels("grid meters")),
        ("T004", labels("lamp posts")),
    )
    found = matcher.match(MatchQuery(description="a grid and lamps", language="en", limit=3))
    assert "T004" in codes(found)


def test_kinds_limit_and_least_confidence_are_kept_to() -> None:
    few = MATCHER.match(MatchQuery(description=COURSE.description, kinds=("procurement-topic",), limit=2))
    assert [TAXONOMY[code].kind for code in codes(few)] == ["procurement-topic"] * 2
    sure = MATCHER.match(MatchQuery(description=COURSE.description, limit=50, min_confidence=0.5))
    assert sure.matches
    assert all(match.confidence >= 0.5 for match in sure.matches)


def test_retired_concepts_are_not_suggested() -> None:
    gone = a_concept("technology", "T001", label="Smart grid", retirement=Retirement(reason="old", on="2026-01-01"))
    matcher = Matcher(Taxonomy([gone, a_concept("technology", "T002", label="Power grid")]))
    assert codes(matcher.match(MatchQuery(description="the smart grid", language="en"))) == ["T002"]


def test_a_concept_without_a_label_in_the_language_is_found_by_the_reference_language() -> None:
    matcher = of(("T001", labels("Blockchain")))
    found = matcher.match(MatchQuery(description="Un curso sobre blockchain", language="es")).matches[0]
    assert (found.code, found.why.language) == ("T001", "en")


# -- what always holds -------------------------------------------------------------------------------------------------


@given(st.text(), st.text(), st.sampled_from([None, "en", "es", "de", "el", "zh-Hant"]))
def test_any_text_is_answered_the_same_way_twice_with_spans_that_are_in_it(
    title: str, description: str, language: str | None
) -> None:
    query = MatchQuery(title=title, description=description, language=language, limit=50)
    found = MATCHER.match(query)
    assert found == MATCHER.match(query)
    for match in found.matches:
        assert match.code in TAXONOMY
        assert all(texts_of(query, match))
        assert 0 <= match.confidence <= 1


@given(taxonomies(), st.data())
def test_only_active_concepts_of_the_version_are_suggested_best_first(taxonomy: Taxonomy, data: st.DataObject) -> None:
    pieces = [text for concept in taxonomy for own in concept.labels.values() for text in (own.preferred, *own.hidden)]
    text = " ".join(data.draw(st.lists(st.sampled_from([*pieces, "not", "requires", ".", ":\n"]), max_size=8)))
    found = Matcher(taxonomy).match(MatchQuery(description=text, limit=50))
    assert all(taxonomy[code].retirement is None for code in codes(found))
    scores = [match.score for match in found.matches]
    assert scores == sorted(scores, reverse=True)
    assert len(set(codes(found))) == len(scores)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_is_answered_in_time(text: str) -> None:
    MATCHER.match(COURSE)
    began = time.process_time()
    found = MATCHER.match(MatchQuery(description=text, limit=50))
    assert time.process_time() - began < 5
    assert all(text[span.start : span.end] for match in found.matches for span in match.spans)


def test_threads_that_ask_at_once_get_the_same_answer() -> None:
    matcher = Matcher(TAXONOMY)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(matcher.match, [COURSE] * 32))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0].matches


def test_a_version_without_concepts_suggests_nothing() -> None:
    assert Matcher(Taxonomy([])).match(COURSE).matches == ()
