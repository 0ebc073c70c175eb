"""What was accepted before raises a concept, for texts that are alike and no others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from competency_api.core.errors import DatabaseUnavailable
from competency_api.matching.accepted import Accepted, AcceptedTexts, bag_of, suggested
from competency_api.matching.matcher import Matcher
from competency_api.matching.memory import AcceptedMemory
from competency_api.matching.values import Match, MatchQuery
from tests.support.seeds import TODAY, state

MATCHER = Matcher(state(TODAY))
TEXT = "Sensors count vehicles at every crossing, and the city learns from data analysis."
ALIKE = TEXT.replace("vehicles", "cars")
OTHER = "Legal questions of tendering, contracts and their award."


def matches() -> tuple[Match, ...]:
    return MATCHER.match(MatchQuery(description=TEXT, language="en")).matches


def accepted(text: str, code: str, organisation: int = 1, **members: bool) -> Accepted:
    return Accepted(bag_of(text, "en"), code, organisation, **members)


def raised(*known: Accepted, text: str = TEXT) -> tuple[Match, ...]:
    return AcceptedTexts(known).raised(matches(), bag_of(text, "en"))


def place(found: tuple[Match, ...], code: str) -> int:
    return [match.code for match in found].index(code)


def test_a_concept_that_was_accepted_for_such_a_text_comes_further_up() -> None:
    before = matches()
    last = before[-1]
    after = raised(accepted(ALIKE, last.code, 1), accepted(ALIKE, last.code, 2), accepted(OTHER, before[0].code, 3))
    assert place(after, last.code) < place(before, last.code)
    found = after[place(after, last.code)]
    assert found.confidence > last.confidence
    assert (found.spans, found.why, found.relation) == (last.spans, last.why, last.relation)
    assert found.taken is not None
    assert found.taken.organisations == 2
    assert {match.taken for match in after if match.code != last.code} == {None}


def test_organisations_count_and_not_how_often_one_accepts() -> None:
    code = matches()[-1].code
    shares = []
    for known in ([1], [1, 1, 1], [1, 2], [1, 2, 3]):
        found = raised(*(accepted(ALIKE, code, organisation) for organisation in known))
        taken = found[place(found, code)].taken
        assert taken is not None
        shares.append(taken.share)
    once, often, two, three = shares
    assert once == often < two < three < 1


def test_what_the_asking_provider_refused_goes_down_whatever_others_accepted() -> None:
    code = matches()[0].code
    others = [accepted(TEXT, code, organisation) for organisation in (2, 3, 4)]
    after = raised(accepted(TEXT, code, is_own=True, is_rejected=True), *others)
    assert after[place(after, code)].score < matches()[0].score


def test_texts_about_something_else_change_nothing() -> None:
    assert raised(accepted(OTHER, matches()[-1].code)) == matches()


def test_nothing_comes_in_that_did_not_match() -> None:
    assert {match.code for match in raised(accepted(TEXT, "R001"))} == {match.code for match in matches()}


def test_what_was_accepted_may_bring_in_a_match_that_would_have_been_too_far_down() -> None:
    few, more = (MatchQuery(description=TEXT, language="en", limit=limit) for limit in (3, 4))
    fourth = MATCHER.match(more).matches[3].code
    known = AcceptedTexts(accepted(TEXT, fourth, organisation) for organisation in range(30))
    found = suggested(MATCHER, few, lambda _language: known)
    assert len(found.matches) == 3
    assert fourth in {match.code for match in found.matches}
    assert suggested(MATCHER, few, lambda _language: AcceptedTexts()) == MATCHER.match(few)


@given(
    st.lists(
        st.tuples(st.text(), st.sampled_from([m.code for m in matches()]), st.integers(1, 3), st.booleans()), max_size=5
    ),
    st.text(),
)
def test_whatever_was_accepted_the_matches_stay_the_same_ones(
    given_: list[tuple[str, str, int, bool]], text: str
) -> None:
    after = raised(*(accepted(*one[:3], is_own=one[3], is_rejected=one[3]) for one in given_), text=text)
    assert sorted(match.code for match in after) == sorted(match.code for match in matches())
    assert all(0 <= match.confidence <= 1 for match in after)


class Source:
    """Acceptances that change, are read, and may be away."""

    def __init__(self) -> None:
        self.now, self.marks, self.loads, self.is_away = 0.0, 1, list[str](), False

    def ask(self) -> int:
        if self.is_away:
            raise DatabaseUnavailable("It is away.")
        return self.marks

    def load(self, language: str) -> AcceptedTexts:
        self.loads.append(language)
        return AcceptedTexts([accepted(TEXT, "C001")])

    def memory(self) -> AcceptedMemory:
        return AcceptedMemory(self.ask, self.load, 10, lambda: self.now)


def test_they_are_read_again_when_something_changed_and_not_more_often_than_was_said() -> None:
    source = Source()
    memory = source.memory()
    assert memory.of("pt-BR") is memory.of("pt")
    source.marks = 2
    assert memory.of("pt")
    assert source.loads == ["pt"]
    source.now = 10
    assert memory.of("pt")
    assert memory.of("es")
    assert source.loads == ["pt", "pt", "es"]
    source.now = 20
    assert memory.of("pt")
    assert len(source.loads) == 3


def test_while_the_database_is_away_what_was_known_counts() -> None:
    source = Source()
    memory = source.memory()
    assert memory.of("en")
    source.is_away, source.now = True, 10
    assert memory.of("en")
    assert not Source.memory(source).of("en")
