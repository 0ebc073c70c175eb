"""The two versions: publishable, numbered as the difference demands, and described as they really differ."""

from __future__ import annotations

import re

import pytest

from competency_api.taxonomy.changes import ChangeType
from competency_api.taxonomy.numbering import Number, next_number
from competency_api.taxonomy.rules import Finding, check, check_succession
from tests.support.seeds import (
    FIRST,
    TODAY,
    VERSIONS,
    active,
    changes,
    codes_in,
    manifest,
    sentence_of_readme,
    state,
)

#: Only between unrelated states, or backwards in time.
NEVER = {ChangeType.REMOVED, ChangeType.REIDENTIFIED}
#: Where the notes name every concept to which a type of change happened.
SECTIONS = {
    ChangeType.ADDED: ("Added", "Split", "Merged", "Replaced"),
    ChangeType.RETIRED: ("Retired without an equivalent",),
    ChangeType.MERGED: ("Merged",),
    ChangeType.SPLIT: ("Split",),
    ChangeType.REPLACED: ("Replaced",),
    ChangeType.RESTORED: ("Restored",),
    ChangeType.REDEFINED: ("Changed in meaning", "Changed in wording only"),
    ChangeType.LEVELLED: ("Changed in meaning", "Changed in wording only"),
    ChangeType.MOVED: ("Moved",),
    ChangeType.TRANSLATED: ("Languages",),
    ChangeType.REATTRIBUTED: ("Attributes",),
}
#: Acts and techniques that came after the workshop years, by a word of a source or a label of today's version.
CAME_SINCE = (
    "Data Governance Act",
    "Data Act",
    "AI Act",
    "NIS 2",
    "Interoperable Europe Act",
    "International Procurement Instrument",
    "Minimal interoperability mechanisms",
    "Local digital twin",
    "Data space",
)


def of_type(kind: ChangeType) -> set[str]:
    return {entry.code for entry in changes().entries if kind in entry.types}


def name_then(code: str) -> str:
    return state(FIRST)[code].name


def section_of_notes(heading: str) -> str:
    _, found, rest = manifest(TODAY)["notes"].partition(f"**{heading}**")
    assert found, heading
    return str(rest.partition("\n\n**")[0])


def findings(version: str) -> tuple[Finding, ...]:
    """All that publication looks at."""
    succession = check_succession(state(FIRST), state(TODAY)) if version == TODAY else ()
    return (*check(state(version)), *succession)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_version_can_be_published(version: str) -> None:
    assert [finding.message for finding in findings(version) if finding.severity == "error"] == []


def test_the_warnings_are_those_that_the_readme_explains() -> None:
    of_first, _, of_today = sentence_of_readme("Warnings of the quality report that are meant:").partition(";")
    for version, explained in ((FIRST, of_first), (TODAY, of_today)):
        warned = {code for f in findings(version) for code in ([f.code] if f.code else f.others)}
        assert warned == codes_in(explained), version


def test_the_number_is_the_one_that_the_difference_demands() -> None:
    first = Number.parse(FIRST)
    numbering = next_number(first, changes())
    assert numbering is not None
    assert str(numbering.smallest) == TODAY


def test_every_type_of_change_occurs() -> None:
    assert [kind for kind in ChangeType if kind not in NEVER and not of_type(kind)] == []
    assert [kind for kind in NEVER if of_type(kind)] == []


def test_a_meaning_is_changed_where_all_levels_are_new_and_nowhere_else() -> None:
    changed = {entry.code for entry in changes().entries if any(change.meaning for change in entry.changes)}
    assert changed == codes_in(section_of_notes("Changed in meaning"))


def test_retired_concepts_name_an_equivalent_successor_or_say_why_there_is_none() -> None:
    retired = [c.retirement for c in state(TODAY) if c.retirement is not None]
    matches = [tuple(successor.match for successor in r.successors) for r in retired]
    assert ("equivalent",) in matches
    assert () in matches
    assert all(len(r.reason) > 60 and r.on <= manifest(TODAY)["valid_from"] < r.transition_until for r in retired)


@pytest.mark.parametrize("kind", SECTIONS)
def test_the_notes_name_every_concept_where_they_say_what_happened(kind: ChangeType) -> None:
    named = {code for heading in SECTIONS[kind] for code in codes_in(section_of_notes(heading))}
    assert of_type(kind) - named == set()


def test_the_notes_call_nothing_added_that_was_there_before() -> None:
    assert codes_in(section_of_notes("Added")) <= of_type(ChangeType.ADDED)


def test_the_notes_give_the_former_name_of_what_was_renamed() -> None:
    notes = manifest(TODAY)["notes"]
    told = {
        code for code, name in re.findall(r'(\w+),? (?:is )?renamed from "(.+?)"', notes) if name == name_then(code)
    }
    assert told == of_type(ChangeType.RENAMED)


def test_the_notes_name_no_concept_that_is_not_there() -> None:
    for version in VERSIONS:
        unknown = codes_in(manifest(version)["notes"]) - set(state(version).concepts)
        assert unknown == set()


def test_today_s_version_knows_what_came_since_the_workshop_years() -> None:
    told = "\n".join(text for c in active(TODAY) for text in (c.name, *(source.title for source in c.sources)))
    told_then = "\n".join(text for c in active(FIRST) for text in (c.name, *(source.title for source in c.sources)))
    assert [word for word in CAME_SINCE if word not in told] == []
    assert [word for word in CAME_SINCE if word in told_then] == []
