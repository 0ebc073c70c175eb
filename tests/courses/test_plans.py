"""Plans of migrations: every mapping once, nothing lost, there and back, decisions that fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.courses.plans import decisions
from competency_api.courses.plans.decisions import Decision, Decisions, Verdict, fault_of
from competency_api.courses.plans.results import joined, result_of
from competency_api.courses.plans.steps import Held, step_of
from competency_api.taxonomy.concept import Retirement, Successor
from competency_api.taxonomy.migration import Outcomes
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, a_taxonomy, edited, with_concepts
from tests.strategies import taxonomy_pairs

START = a_taxonomy()


def held(concept: str, *, course: int = 1, version: int = 1, since: int = 1, **fields: object) -> Held:
    row = Held(course, concept, "teaches", version, 2, 150, "Evidence.", "", since)
    return row._replace(**fields)


def split() -> Taxonomy:
    halves = tuple(Successor(code=code, match="narrower") for code in ("C002", "C009"))
    ended = Retirement(reason="Split.", on="2026-01-01", successors=halves, combine="all")
    return with_concepts(edited(START, "C001", retirement=ended), a_concept("competency", "C009"))


def merged() -> Taxonomy:
    end = Retirement(reason="Merged.", on="2026-01-01", successors=(Successor(code="C003", match="equivalent"),))
    return edited(edited(START, "C001", retirement=end), "C002", retirement=end)


@st.composite
def held_mappings(draw: st.DrawFn) -> tuple[Taxonomy, Taxonomy, list[Held]]:
    old, new = draw(taxonomy_pairs(min_size=1, removals=False))
    keys = st.tuples(st.integers(1, 3), st.sampled_from(sorted(old.concepts)))
    rows = [held(code, course=course) for course, code in draw(st.sets(keys, max_size=8))]
    return old, new, rows


@given(held_mappings())
def test_every_mapping_moves_is_dropped_or_waits(case: tuple[Taxonomy, Taxonomy, list[Held]]) -> None:
    old, new, rows = case
    outcomes = Outcomes(old, new)
    result = result_of([step_of(row, outcomes) for row in rows], Decisions(), 2)
    assert sum(result.moved.values()) + result.waiting == len(rows)
    assert result.dropped == 0
    assert all(row.version_id == 2 and row.concept in new for row in result.arriving)


@given(held_mappings())
def test_there_and_back_by_the_history_leaves_everything_that_moved_as_it_was(
    case: tuple[Taxonomy, Taxonomy, list[Held]],
) -> None:
    old, new, rows = case
    there = result_of([step_of(row, Outcomes(old, new)) for row in rows], Decisions(), 2)
    former: dict[tuple[int, str], list[Held]] = {}
    for gone in there.leaving:
        former.setdefault((gone.held.course_id, gone.became or gone.held.concept), []).append(gone.held)
    # what waited is joined with what arrived at the same place, and both come back
    back_steps = [step_of(row, Outcomes(new, old), tuple(former[row.course_id, row.concept])) for row in there.arriving]
    back = result_of(back_steps, Decisions(), 1)
    assert sorted(back.arriving) == sorted(gone.held for gone in there.leaving)


def test_mappings_that_meet_are_joined() -> None:
    rows = [
        held("C001"),
        held("C002", level=3, hours=50, evidence="More."),
        held("C003", version=2, hours=None, evidence=""),
    ]
    steps = [step_of(row, Outcomes(START, merged())) for row in rows[:2]]
    result = result_of(steps, Decisions(), 2, staying=rows[2:])
    (found,) = result.arriving
    assert (found.concept, found.level, found.hours, found.evidence) == ("C003", 3, 200, "Evidence. / More.")
    assert [(gone.held.concept, gone.became) for gone in result.leaving] == [
        ("C001", "C003"),
        ("C002", "C003"),
        ("C003", ""),
    ]


def test_joined_mappings_stay_within_what_may_be_stored() -> None:
    found = joined(held("C001", evidence="a" * 1500, hours=9_999_999), held("C001", evidence="b" * 1500, hours=5))
    assert (len(found.evidence), found.hours) == (2000, 10_000_000)


def test_a_decision_about_one_mapping_goes_before_one_about_all() -> None:
    taken = Decisions({(0, "C001", ""): Decision(Verdict.DROP), (1, "C001", ""): Decision(Verdict.REPLACE, ("C009",))})
    steps = [step_of(held("C001", course=course), Outcomes(START, split())) for course in (1, 2)]
    result = result_of(steps, taken, 2)
    assert ([row.concept for row in result.arriving], result.dropped) == (["C009"], 1)


def test_a_mapping_may_be_replaced_by_several() -> None:
    both = Decisions({(0, "C001", ""): Decision(Verdict.REPLACE, ("C002", "T001"))})
    result = result_of([step_of(held("C001"), Outcomes(START, split()))], both, 2)
    assert [(row.concept, row.level) for row in result.arriving] == [("C002", 2), ("T001", None)]


def test_what_needs_no_decision_is_not_touched_by_one() -> None:
    dropped = Decisions({(0, "C003", ""): Decision(Verdict.DROP)})
    assert result_of([step_of(held("C003"), Outcomes(START, split()))], dropped, 2).dropped == 0


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("", None),
        (" Keep ", Decision(Verdict.KEEP)),
        ("drop", Decision(Verdict.DROP)),
        ("C002; C009 C002", Decision(Verdict.REPLACE, ("C002", "C009"))),
    ],
)
def test_a_decision_is_read_from_a_cell_and_written_back(text: str, decision: Decision | None) -> None:
    assert decisions.read(text) == decision
    assert decisions.read(decisions.written(decision)) == decision


@pytest.mark.parametrize(
    ("code", "text", "fault"),
    [
        ("C003", "drop", "move by themselves"),
        ("C001", "keep", "not in use"),
        ("C001", "C404", 'no concept "C404"'),
        ("C001", "C001", "use C002"),
        ("C001", "C002 C009", None),
        ("C001", "drop", None),
    ],
)
def test_a_decision_that_cannot_be_is_refused_with_what_could(code: str, text: str, fault: str | None) -> None:
    decision = decisions.read(text)
    assert decision is not None
    found = fault_of(decision, Outcomes(START, split())[code], split())
    assert (fault is None and found is None) or (fault and found and fault in found)
