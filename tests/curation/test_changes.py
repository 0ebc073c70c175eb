"""Each type of change does to a content what it says, and what makes no sense is refused with its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from competency_api.curation.changes.actions import Action, Add, as_document, changed_codes, from_document
from competency_api.curation.changes.applying import outcome
from competency_api.curation.changes.checking import Checking
from competency_api.curation.changes.reading import read_action
from competency_api.formats.reading.shapes import Fault
from competency_api.taxonomy.concept import Concept, Labels
from competency_api.taxonomy.pointers import as_json
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, a_taxonomy, a_uuid, edited, labels
from tests.support.states import second_state

DRAFT = a_taxonomy()
DAY = {"reason": "Nobody asks for it.", "on": "2026-11-23"}


def sent(type_: str, **members: Any) -> Action:
    faults: list[Fault] = []
    action = read_action({"type": type_, **members}, faults)
    assert action is not None, faults
    return action


def applied(type_: str, draft: Taxonomy = DRAFT, **members: Any) -> Concept:
    """What one change makes of the (first) concept that it changes."""
    action = sent(type_, **members)
    code = changed_codes(action)[0]
    checking = Checking(draft, {c: draft.get(c) for c in changed_codes(action)})
    assert checking.take(action) == []
    concept = checking.contents[code]
    assert concept is not None
    assert outcome(code, draft.get(code), [from_document(as_document(action))]) == concept
    return concept


def faults(type_: str, draft: Taxonomy = DRAFT, **members: Any) -> list[tuple[str, str]]:
    """Places and messages of what is wrong with one change."""
    found: list[Fault] = []
    action = read_action({"type": type_, **members}, found)
    if action is not None:
        if isinstance(action, Add):
            action.concept.setdefault("uuid", a_uuid("new"))
        found = Checking(draft, {code: draft.get(code) for code in changed_codes(action)}).take(action)
    return [(fault.pointer, fault.message) for fault in found]


def test_an_edit_changes_the_fields_that_it_names_and_no_others() -> None:
    result = applied("edit", code="C001", fields={"labels": {"en": {"preferred": "Name"}}, "definition": {"es": None}})
    start = DRAFT["C001"]
    assert result.labels == {**start.labels, "en": Labels(preferred="Name")}
    assert result.definition == {"en": start.definition["en"]}
    assert (result.relations, result.meaning) == (start.relations, 1)


def test_an_edit_says_whether_the_meaning_changes() -> None:
    assert applied("edit", code="C001", fields={"definition": {"en": "New"}}, changes_meaning=True).meaning == 2


def test_a_list_is_replaced_as_a_whole() -> None:
    result = applied("edit", code="C003", fields={"relations": {"requires": [{"code": "T001"}]}})
    assert result.targets("requires") == ("T001",)
    assert result.targets("part_of") == ("D001",)


def test_a_new_concept_is_added_as_it_is_given() -> None:
    concept = a_concept("technology", "T777")
    assert applied("add", concept=as_json(concept)) == concept


def test_retiring_names_reason_day_and_successors() -> None:
    result = applied("retire", code="C002", **DAY, successors=[{"code": "C001", "match": "equivalent"}])
    assert result.retirement is not None
    assert [(s.code, s.match) for s in result.retirement.successors] == [("C001", "equivalent")]


def test_merged_concepts_are_retired_with_the_same_equivalent_successor() -> None:
    action = sent("merge", codes=["C001", "C002"], into="C003", **DAY)
    for code in ("C001", "C002"):
        retirement = outcome(code, DRAFT[code], [action]).retirement  # type: ignore[union-attr]  # there it is
        assert retirement is not None
        assert [(s.code, s.match) for s in retirement.successors] == [("C003", "equivalent")]


def test_a_split_concept_is_retired_with_narrower_successors() -> None:
    retirement = applied("split", code="C001", into=["C002", "C003"], combine="all", **DAY).retirement
    assert retirement is not None
    assert {(s.code, s.match) for s in retirement.successors} == {("C002", "narrower"), ("C003", "narrower")}


def test_a_move_changes_the_place_that_it_names() -> None:
    result = applied("move", code="C002", broader=["C003"])
    assert (result.targets("broader"), result.targets("part_of")) == (("C003",), ("D001",))
    assert applied("move", code="C002", broader=[]).targets("broader") == ()


def test_a_restored_concept_is_in_use_again() -> None:
    assert applied("restore", second_state(), code="C002").retirement is None


def test_an_alignment_is_added_replaced_and_removed_by_its_uri() -> None:
    link = {"match": "close", "uri": "http://example.org/1", "scheme": "ESCO"}
    once = applied("align", code="C001", add=[link])
    twice = applied(
        "align", edited(DRAFT, "C001", alignments=once.alignments), code="C001", add=[link | {"match": "exact"}]
    )
    assert [a.match for a in twice.alignments] == ["exact"]
    gone = edited(DRAFT, "C001", alignments=once.alignments)
    assert applied("align", gone, code="C001", remove=["http://example.org/1"]).alignments == ()


def test_a_translation_says_its_texts_and_whether_a_person_has_read_them() -> None:
    texts = {
        "preferred": "Bezeichnung",
        "alternative": ["Name"],
        "definition": "Was es ist.",
        "levels": {"1": "Anfang"},
    }
    result = applied("translate", code="C003", language="de", texts=texts, review="reviewed")
    assert result.labels["de"] == labels("Bezeichnung", "Name")
    assert (result.definition["de"], result.translations["de"]) == ("Was es ist.", "reviewed")
    assert result.attributes["levels"]["1"]["de"] == "Anfang"
    assert result.attributes["levels"]["2"] == DRAFT["C003"].attributes["levels"]["2"]


def test_texts_of_several_lines_are_taken_where_a_concept_takes_them() -> None:
    assert applied("edit", code="C001", fields={"definition": {"en": "One\r\ntwo "}}).definition["en"] == "One\ntwo"
    assert (
        faults("edit", code="C001", fields={"labels": {"en": {"preferred": "One\ntwo"}}})[0][0]
        == "/fields/labels/en/preferred"
    )


RETIRED = {"code": "C002", **DAY}
WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("edit", {"code": "C999", "fields": {"definition": {"en": "x"}}}, "/code", "no concept"),
    ("edit", {"code": "C001", "fields": {}}, "/fields", "Nothing changes"),
    ("edit", {"code": "C001", "fields": {"definitoin": {"en": "x"}}}, "/fields/definitoin", "Did you mean"),
    ("edit", {"code": "C001", "fields": {"definition": {"english": "x"}}}, "/fields/definition/english", "BCP 47"),
    ("edit", {"code": "C001", "fields": {"retirement": None}}, "/fields/retirement", "restore"),
    ("edit", {"code": "C001", "fields": {"definition": {"en": 5}}}, "/fields/definition/en", "text"),
    ("edit", {"code": "R001", "fields": {"relations": {"expects": [{"code": "C001", "level": 5}]}}},
     "/fields/relations/expects/0/level", "1, 2, 3 and 4"),
    ("edit", {"code": "C003", "fields": {"attributes": {"levels": {"5": {"en": "x"}}}}},
     "/fields/attributes/levels/5", "1, 2, 3 and 4"),
    ("add", {"concept": {"code": "C001", "labels": {"en": {"preferred": "x"}}}}, "/concept/code", "already"),
    ("add", {"concept": {"labels": {"en": {"preferred": "x"}}}}, "/concept/kind", "missing"),
    ("retire", {"code": "C001", "reason": "x", "on": "soon"}, "/on", "day"),
    ("retire", {"code": "C001", "reason": "x", "on": ""}, "/on", "leave it out"),
    ("merge", {"codes": ["C001"], "into": "C002", **DAY, "transition_until": " "}, "/transition_until", "leave it out"),
    ("retire", {**RETIRED, "reason": ""}, "/reason", "why"),
    ("retire", {**RETIRED, "successors": [{"code": "C999", "match": "broader"}]}, "/successors/0/code", "no concept"),
    ("retire", {**RETIRED, "successors": [{"code": "C002", "match": "broader"}]}, "/successors/0/code", "itself"),
    ("merge", {"codes": ["C001", "C002"], "into": "C002", **DAY}, "/codes/1", "into itself"),
    ("merge", {"codes": ["C001"], "into": "C999", **DAY}, "/into", "no concept"),
    ("split", {"code": "C001", "into": ["C002"], **DAY}, "/into", "at least two"),
    ("split", {"code": "C001", "into": ["C001", "C002"], **DAY}, "/into/0", "itself"),
    ("move", {"code": "C001", "broader": ["C001"]}, "/broader/0", "below itself"),
    ("move", {"code": "C001"}, "", "Nothing changes"),
    ("restore", {"code": "C001"}, "/code", "in use"),
    ("align", {"code": "C001"}, "", "Nothing changes"),
    ("translate", {"code": "C001", "language": "de", "texts": {"preferd": "x"}}, "/texts/preferd", "Did you mean"),
    ("translate", {"code": "C001", "language": "en", "texts": {"preferred": "x"}}, "/language", "English"),
    ("resolve", {"code": "C001", "values": {}}, "/type", "no type"),
    ("edti", {"code": "C001"}, "/type", 'Did you mean "edit"'),
    ("edit", {"code": "C001", "fields": {"definition": {"en": "x"}}, "colour": 1}, "/colour", "Unknown field"),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "members", "place", "message"), WRONG)
def test_what_makes_no_sense_is_refused_at_its_place(
    type_: str, members: dict[str, Any], place: str, message: str
) -> None:
    found = faults(type_, **members)
    assert [where for where, _ in found] == [place]
    assert message in found[0][1]


@pytest.mark.parametrize("days", [{}, {"on": "2026-11-23"}, {"transition_until": "2027-01-01"}])
def test_what_is_answered_can_be_sent_again(days: dict[str, str]) -> None:
    action = sent("split", code="C001", into=["C002", "C003"], reason="Two things.", **days)
    assert as_document(action).items() >= days.items()
    assert read_action(json.loads(json.dumps(as_document(action))), []) == action


def test_a_retired_concept_is_not_edited() -> None:
    found = faults("edit", second_state(), code="C002", fields={"definition": {"en": "x"}})
    assert [place for place, _ in found] == ["/code"]
    assert "retired" in found[0][1]


def test_successors_that_lead_back_are_refused() -> None:
    found = faults("retire", second_state(), code="C001", successors=[{"code": "C002", "match": "equivalent"}], **DAY)
    assert found == [("/successors/0/code", "The successors go in a circle: C001 → C002 → C001.")]


def test_changes_of_one_concept_follow_each_other() -> None:
    actions = [
        sent("edit", code="C001", fields={"definition": {"en": "First"}}),
        sent("edit", code="C001", fields={"definition": {"en": "Second"}, "scope_note": {"en": "Note"}}),
        sent("retire", code="C001", **DAY),
    ]
    checking = Checking(DRAFT, {"C001": DRAFT["C001"]})
    assert [checking.take(action) for action in actions] == [[], [], []]
    assert checking.take(sent("edit", code="C001", fields={"definition": {"en": "Third"}}))
    concept = checking.contents["C001"]
    assert concept == outcome("C001", DRAFT["C001"], actions)
    assert concept is not None
    assert (concept.definition["en"], concept.status) == ("Second", "retired")


def test_what_a_proposal_adds_may_be_named_by_its_later_changes() -> None:
    new = sent("add", concept=as_json(a_concept("competency", "C777")))
    checking = Checking(DRAFT, {"C777": None, "C001": DRAFT["C001"]})
    assert checking.take(sent("merge", codes=["C001"], into="C777", **DAY))
    assert checking.take(new) == []
    assert checking.take(sent("merge", codes=["C001"], into="C777", **DAY)) == []
