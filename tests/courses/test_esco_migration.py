"""Every skill of ESCO 1.1.0 mapped once and migrated to 1.1.1: what happens to each, and why."""

from __future__ import annotations

import time
from collections import Counter
from functools import cache
from pathlib import Path

from benchmarks import esco
from competency_api.courses.plans.decisions import Decisions
from competency_api.courses.plans.results import result_of
from competency_api.courses.plans.steps import Held, Step, step_of
from competency_api.taxonomy.migration import Outcomes
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.taxonomy.test_esco import releases, reminted

SECONDS = 2.0


@cache
def skills(data: Path) -> tuple[str, ...]:
    codes = esco.codes(data)
    rows = esco.rows(data, esco.RELEASES[0])
    return tuple(codes[uri] for uri, row in rows.items() if row["conceptType"] == "KnowledgeSkillCompetence")


def migrated(old: Taxonomy, new: Taxonomy, codes: tuple[str, ...]) -> list[Step]:
    outcomes = Outcomes(old, new)
    return [step_of(Held(n, code, "teaches", 1, 2, None, "", "", 1), outcomes) for n, code in enumerate(codes)]


def test_every_skill_moves_by_itself_within_two_seconds(realdata: Path) -> None:
    old, new = releases(realdata)
    codes = skills(realdata)
    assert old.digests.keys() != new.digests.keys()  # known already, as when a version was loaded
    began = time.process_time()
    result = result_of(migrated(old, new, codes), Decisions(), 2)
    assert time.process_time() - began < SECONDS
    assert {name: number for name, number in result.moved.items() if number} == {"unchanged": 3_387, "moved": 10_504}
    assert (len(result.arriving), result.waiting, result.dropped) == (13_891, 0, 0)


def test_what_moved_lies_below_other_groups_or_the_same_under_new_identifiers(realdata: Path) -> None:
    """1.1.1 published most groups under new addresses, with the same codes and labels, and put 1,662 skills below other
    groups, such as "monitoring health conditions of humans and animals". Of the moved ones it also reworded 88.
    """
    old, new = releases(realdata)
    renumbered = dict(reminted(realdata))
    found: Counter[str] = Counter()
    reworded = 0
    for code in skills(realdata):
        before, after = (set(state[code].targets("broader")) for state in (old, new))
        is_renumbered = {renumbered.get(group, group) for group in before} == after
        found["same groups" if before == after else "renumbered" if is_renumbered else "other groups"] += 1
        reworded += (old[code].labels, old[code].definition) != (new[code].labels, new[code].definition)
    assert found == {"same groups": 3_387, "renumbered": 8_842, "other groups": 1_662}
    assert reworded == 88


def test_back_again_everything_is_as_it_was(realdata: Path) -> None:
    old, new = releases(realdata)
    there = migrated(old, new, skills(realdata))
    back = migrated(new, old, skills(realdata))
    assert [step.found.result for step in back] == [step.held.concept for step in there]
