"""Coverage from sums is what single mappings say, for any mappings as of any versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.courses.coverage import targets
from competency_api.courses.coverage.comparison import compared
from competency_api.courses.coverage.counting import Conversion, Counts, Sums, counted
from competency_api.courses.coverage.report import Report, State, covered
from competency_api.courses.coverage.targets import Target
from competency_api.taxonomy.concept import Retirement, Successor
from competency_api.taxonomy.migration import Outcomes
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.courses.naive import Single, added_up, code_at, required_before
from tests.factories import a_concept, a_taxonomy, edited, links, with_concepts
from tests.strategies import taxonomy_pairs

START = a_taxonomy()
TODAY = "2026-11-23"


def conversions(versions: dict[int, Taxonomy], asked: int) -> Callable[[int], Conversion]:
    made = {number: Conversion(Outcomes(state, versions[asked]), TODAY) for number, state in versions.items()}
    return made.__getitem__


def counts_of(mappings: Sequence[Single], versions: dict[int, Taxonomy], asked: int) -> Counts:
    return counted(added_up(mappings), conversions(versions, asked))


def reported(*mappings: Single, state: Taxonomy = START, against: Sequence[Target] | None = None) -> Report:
    asked = targets.of_kind(state, "competency") if against is None else against
    return covered(state, asked, counts_of(mappings, {1: START, 2: state}, 2))


def teaches(concept: str, level: int = 0, *, course: int = 1, hours: int = 0, modality: str = "") -> Single:
    return Single(course, concept, "teaches", 1, level, hours, modality)


@st.composite
def situations(draw: st.DrawFn) -> tuple[dict[int, Taxonomy], list[Single]]:
    """Two versions, and mappings as of either; one mapping for each course, concept and relation."""
    old, new = draw(taxonomy_pairs(removals=False))
    versions = {1: old, 2: new}
    ways = [draw(st.sampled_from(["", "online", "hands-on"])) for _ in range(4)]
    mappings: dict[tuple[int, str, str], Single] = {}
    for _ in range(draw(st.integers(0, 12)) if len(old) else 0):
        course, version = draw(st.integers(0, 3)), draw(st.integers(1, 2))
        concept = draw(st.sampled_from(sorted(versions[version].concepts)))
        relation = draw(st.sampled_from(["teaches", "assesses", "requires"]))
        level, hours = draw(st.integers(0, 4)), draw(st.integers(0, 500))
        single = Single(course, concept, relation, version, level, hours, ways[course])
        mappings[course, concept, relation] = single
    return versions, list(mappings.values())


@given(situations())
def test_each_concept_has_what_its_single_mappings_say(situation: tuple[dict[int, Taxonomy], list[Single]]) -> None:
    versions, mappings = situation
    there = [(code_at(m, versions, 2, TODAY), m) for m in mappings]
    report = covered(versions[2], targets.of_codes(versions[2].concepts), counts_of(mappings, versions, 2))
    for found in report.concepts:
        own = [m for code, m in there if code == found.code and m.relation == "teaches"]
        assert (found.teaching, found.hours) == (len(own), sum(m.hours for m in own))
        assert found.taught == (max([m.level for m in own], default=0) or None)
        assert (found.state is State.MISSING) == (not own)
        assert found.requiring == sum(m.relation == "requires" and code == found.code for code, m in there)
    assert sum(w.mappings for w in report.waiting) == sum(code is None for code, _ in there)


@given(situations())
def test_groups_shares_and_prerequisites_add_up_single_mappings(
    situation: tuple[dict[int, Taxonomy], list[Single]],
) -> None:
    versions, mappings = situation
    state = versions[2]
    there = [(code, m) for m in mappings if (code := code_at(m, versions, 2, TODAY)) is not None]
    teaching = [(code, m) for code, m in there if m.relation == "teaches"]
    report = covered(state, targets.of_codes(state.concepts), counts_of(mappings, versions, 2))
    for group in report.kinds:
        own = [m for code, m in teaching if state[code].kind == group.name]
        assert (group.teaching, group.hours) == (len(own), sum(m.hours for m in own))
        assert group.concepts == sum(group.states.values()) == len(state.kinds[group.name])
    for group in report.disciplines:
        inside = {c.code for c in state if group.name in (c.code, *c.targets("part_of"))}
        assert group.teaching == sum(code in inside for code, _ in teaching)
    for share in report.modalities:
        own = [m for _, m in teaching if m.modality == share.modality]
        assert (share.mappings, share.hours) == (len(own), sum(m.hours for m in own))
    taught, asked_for = {code for code, _ in teaching}, {code for code, m in there if m.relation == "requires"}
    expected = (asked_for | required_before(state, taught | asked_for)) - taught
    assert [p.code for p in report.prerequisites] == sorted(expected & state.concepts.keys())


@given(situations())
def test_a_comparison_with_itself_finds_nothing(situation: tuple[dict[int, Taxonomy], list[Single]]) -> None:
    versions, mappings = situation
    state = versions[2]
    report = covered(state, targets.of_codes(state.concepts), counts_of(mappings, versions, 2))
    found = compared(report, report, Outcomes(state, state))
    assert found.developments["same"] == len(found.concepts) == len(state)


def test_a_profile_is_reached_up_to_the_level_it_expects() -> None:
    against = targets.of_profile(START, "R001")  # C002 at level 2, C003 at level 3
    report = reported(teaches("C002", 2), teaches("C003", 1), teaches("C003", 2, course=2), against=against)
    assert [(c.code, c.state, c.gap) for c in report.concepts] == [("C002", "covered", 0), ("C003", "below", 1)]
    assert (report.total.concepts, report.total.states[State.COVERED], report.total.gap) == (2, 1, 1)


def test_a_level_that_nobody_told_is_no_gap_and_no_cover() -> None:
    report = reported(teaches("C002"), against=targets.of_profile(START, "R001"))
    assert [(c.state, c.gap) for c in report.concepts] == [("level-not-told", None), ("missing", 3)]


def test_a_course_that_requires_or_assesses_does_not_cover() -> None:
    mappings = [teaches("C002")._replace(relation=relation) for relation in ("requires", "assesses")]
    (found,) = reported(*mappings, against=[Target("C002", 2)]).concepts
    assert (found.state, found.assessing, found.requiring, found.gap) == ("missing", 1, 1, 2)


def test_the_same_level_taught_more_than_once_is_said() -> None:
    report = reported(teaches("C001", 2), teaches("C001", 2, course=2), teaches("C001", 3, course=3))
    assert [(r.code, r.level, r.courses) for r in report.redundancies] == [("C001", 2, 2)]


def test_what_is_required_and_not_taught_is_said_with_who_requires_it() -> None:
    report = reported(teaches("C003", 2), teaches("T001"), Single(1, "Q001", "requires", 1, 0, 0, ""))
    found = {p.code: (p.courses, p.concepts) for p in report.prerequisites}
    assert found == {code: (int(code == "Q001"), ("C003",)) for code in ("B001", "C001", "P001", "Q001")}


def retired(until: str, *successors: Successor) -> Taxonomy:
    ended = Retirement(reason="Split.", on="2026-01-01", transition_until=until, successors=successors)
    return with_concepts(edited(START, "C001", retirement=ended), a_concept("competency", "C009"))


HALVES = tuple(Successor(code=code, match="narrower") for code in ("C002", "C009"))


@pytest.mark.parametrize(("until", "counts"), [("2026-11-23", True), ("2026-11-22", False), ("", False)])
def test_mappings_to_a_retired_concept_count_until_its_transition_ends(until: str, counts: bool) -> None:
    report = reported(teaches("C001", 2), state=retired(until, *HALVES))
    assert [c.code for c in report.in_transition] == (["C001"] if counts else [])
    assert [(w.concept, w.outcome, w.mappings) for w in report.waiting] == ([] if counts else [("C001", "choose", 1)])
    assert report.total.teaching == 0


def test_what_was_replaced_counts_for_what_replaced_it_and_says_so() -> None:
    state = retired("", Successor(code="C002", match="equivalent"))
    found = {c.code: c for c in reported(teaches("C001", 2), teaches("C002", 1, course=2), state=state).concepts}
    assert (found["C002"].teaching, found["C002"].taught, found["C002"].merged) == (2, 2, ("C001", "C002"))


def test_a_comparison_tells_what_became_of_each_concept() -> None:
    newer = edited(retired("", *HALVES), "C002", meaning=2)
    mappings = [teaches("C001", 2), teaches("C002", 2), teaches("C003", 1)]
    versions = {1: START, 2: newer}
    reports = [
        covered(state, targets.of_kind(state, "competency"), counts_of(mappings, versions, asked))
        for asked, state in versions.items()
    ]
    found = compared(reports[0], reports[1], Outcomes(START, newer))
    told = {row.code: (row.development, row.successors, row.waiting) for row in found.concepts}
    assert told == {
        "C001": ("replaced", ("C002", "C009"), 1),
        "C002": ("worse", (), 1),
        "C003": ("same", (), 0),
        "C009": ("added", (), 0),
    }


def test_a_discipline_takes_those_below_it_along() -> None:
    state = with_concepts(
        START,
        a_concept("discipline", "D002", relations={"broader": links("D001")}),
        a_concept("competency", "C009", relations={"part_of": links("D002")}),
    )
    assert [t.code for t in targets.of_discipline(state, "D001")] == ["C001", "C002", "C003", "C009"]
    assert [t.code for t in targets.of_discipline(state, "D002")] == ["C009"]


@pytest.mark.parametrize(
    ("ask", "error"), [(targets.of_profile, targets.NoProfile), (targets.of_discipline, targets.NoDiscipline)]
)
def test_only_profiles_expect_and_only_disciplines_contain(
    ask: Callable[[Taxonomy, str], object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        ask(START, "C001")


def test_no_mappings_leave_everything_missing() -> None:
    report = covered(START, targets.of_kind(START, "competency"), counted(Sums([], []), conversions({1: START}, 1)))
    assert {c.state for c in report.concepts} == {State.MISSING}
    assert (report.modalities, report.waiting, report.prerequisites) == ((), (), ())
