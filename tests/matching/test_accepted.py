"""What was accepted before raises a concept, for texts that are alike and no others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from competency_api.matching.accepted import Accepted, raised
from competency_api.matching.matcher import Matcher
from competency_api.matching.values import Match, MatchQuery
from tests.support.seeds import TODAY, state

MATCHER = Matcher(state(TODAY))
TEXT = "Sensors count vehicles at every crossing, and the city learns from data analysis."
OTHER = "Legal questions of tendering, contracts and their award."


def matches() -> tuple[Match, ...]:
    return MATCHER.match(MatchQuery(description=TEXT, language="en")).matches


def place(found: tuple[Match, ...], code: str) -> int:
    return [match.code for match in found].index(code)


def test_a_concept_that_was_accepted_for_such_a_text_comes_further_up() -> None:
    before = matches()
    last = before[-1]
    alike = TEXT.replace("vehicles", "cars")
    after = raised(before, TEXT, "en", [Accepted(alike, last.code), Accepted(OTHER, before[0].code)])
    assert place(after, last.code) < place(before, last.code)
    found = after[place(after, last.code)]
    assert found.confidence > last.confidence
    assert (found.spans, found.why, found.relation) == (last.spans, last.why, last.relation)


def test_a_concept_that_was_refused_goes_down() -> None:
    before = matches()
    after = raised(before, TEXT, "en", [Accepted(TEXT, before[0].code, is_rejected=True), Accepted(OTHER, "C001")])
    assert after[place(after, before[0].code)].score < before[0].score


def test_texts_about_something_else_change_nothing() -> None:
    assert raised(matches(), TEXT, "en", [Accepted(OTHER, matches()[-1].code)]) == matches()


def test_nothing_comes_in_that_did_not_match() -> None:
    after = raised(matches(), TEXT, "en", [Accepted(TEXT, "R001")])
    assert {match.code for match in after} == {match.code for match in matches()}


@given(
    st.lists(st.tuples(st.text(), st.sampled_from([m.code for m in matches()]), st.booleans()), max_size=5), st.text()
)
def test_whatever_was_accepted_the_matches_stay_the_same_ones(given_: list[tuple[str, str, bool]], text: str) -> None:
    after = raised(matches(), text, "en", [Accepted(*one) for one in given_])
    assert sorted(match.code for match in after) == sorted(match.code for match in matches())
    assert all(0 <= match.confidence <= 1 for match in after)
