"""What an import would do, and what keeps it from being done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from hypothesis import given, settings

from competency_api.formats.document import Document
from competency_api.interchange.plan import ImportPlan, plan_import
from competency_api.taxonomy.concept import Concept, Labels, Retirement
from competency_api.taxonomy.rules import check
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, a_taxonomy, edited, labels, links, with_concepts, without
from tests.strategies import taxonomy_pairs
from tests.support.files import as_file, as_json, csv_file, json_file, read

DRAFT = a_taxonomy()


def plan_of(*concepts: Concept, draft: Taxonomy = DRAFT, parent: Taxonomy | None = None) -> ImportPlan:
    return plan_import(draft, [read("json", as_file("json", Taxonomy(concepts)))], parent)


def after(draft: Taxonomy, plan: ImportPlan) -> Taxonomy:
    assert plan.problems == ()
    return with_concepts(draft, *plan.concepts)


def lines(plan: ImportPlan) -> list[str]:
    return [str(problem) for problem in plan.problems]


def codes(entries: Sequence[Any]) -> list[str]:
    return [entry.code for entry in entries]


def test_a_plan_tells_what_is_added_changed_retired_and_unchanged() -> None:
    retired = Retirement(reason="no longer taught", on="2026-01-01")
    state = with_concepts(
        edited(DRAFT, "D001", definition=DRAFT["D001"].definition | {"en": "Another " * 10}),
        a_concept("technology", "T002"),
    )
    state = edited(without(state, "C001"), "Q001", retirement=retired)
    state = edited(
        state, "C003", relations={"part_of": links("D001"), "requires": links("B001", "C001", "P001", "T001")}
    )
    plan = plan_of(*state)
    assert (codes(plan.added), codes(plan.changed), codes(plan.retired)) == (["T002"], ["C003", "D001"], ["Q001"])
    assert plan.unchanged == 6
    assert [change.type for change in plan.changed[1].changes] == ["redefined"]
    assert set(after(DRAFT, plan).concepts) == {*state.concepts, "C001"}


def test_what_the_file_does_not_name_is_never_deleted() -> None:
    plan = plan_of(DRAFT["C001"])
    assert (plan.unchanged, plan.concepts, plan.difference.entries) == (1, (), ())


@given(taxonomy_pairs(removals=False))
@settings(max_examples=40)
def test_importing_a_state_over_another_leads_to_that_state_or_says_why_not(pair: tuple[Taxonomy, Taxonomy]) -> None:
    draft, wanted = pair
    plan = plan_import(draft, [read("json", as_file("json", wanted))])
    if plan.is_refused:
        assert all(line for line in lines(plan))
        return
    meanings = {c.code: msgspec.structs.replace(c, meaning=1) for c in after(draft, plan)}
    assert meanings == {c.code: msgspec.structs.replace(c, meaning=1) for c in wanted}
    errors = [{(f.rule, f.code) for f in check(state) if f.severity == "error"} for state in (draft, wanted)]
    assert errors[1] <= errors[0]


def test_a_meaning_that_is_left_out_is_that_of_the_draft_and_of_a_new_concept_the_first() -> None:
    draft = edited(DRAFT, "C001", meaning=3)
    content = as_json(DRAFT["C001"], definition={"en": "Better said. " * 6})
    result = after(draft, plan_import(draft, [read("json", json_file(content))]))
    assert result["C001"].meaning == 3
    assert after(Taxonomy([]), plan_of(*DRAFT, draft=Taxonomy([])))["C001"].meaning == 1


def test_a_uuid_that_is_left_out_is_that_of_the_draft_or_a_new_random_one() -> None:
    known = as_json(DRAFT["C001"], uuid=None)
    new = as_json(a_concept("technology", "T002", relations={"related": links("P001")}), uuid=None)
    result = after(DRAFT, plan_import(DRAFT, [read("json", json_file(known, new))]))
    assert result["C001"].uuid == DRAFT["C001"].uuid
    assert result["T002"].uuid[14] == "4"
    fixed = plan_import(DRAFT, [read("json", json_file(new))], new_uuid=lambda: DRAFT["T001"].uuid[:-1] + "0")
    assert fixed.concepts[0].uuid.endswith("0")


def test_a_uuid_is_never_changed_nor_taken_from_another() -> None:
    other = DRAFT["C001"].uuid[:-1] + ("0" if DRAFT["C001"].uuid[-1] != "0" else "1")
    (changed,) = lines(plan_of(edited(DRAFT, "C001", uuid=other)["C001"]))
    assert changed.startswith("file.json:3:")
    assert "/uuid" in changed
    new = a_concept("technology", "T002", uuid=DRAFT["T001"].uuid, relations={"related": links("P001")})
    assert any("T001" in line for line in lines(plan_of(new)))


def test_a_concept_that_stands_twice_is_named_with_both_places() -> None:
    first = read("json", as_file("json", Taxonomy([DRAFT["C001"], DRAFT["D001"]])))
    second = Document("other.json", None, read("json", as_file("json", Taxonomy([DRAFT["D001"]]))).entries)
    plan = plan_import(DRAFT, [first, second])
    assert [line.partition(": ")[2] for line in lines(plan)] == ["/code: D001 stands twice, first at file.json:4:1."]
    twice = csv_file("code,label@en", "C001,x", "C001,y")
    assert lines(plan_import(DRAFT, [read("csv", twice)])) == [
        "file.csv:3:1: code: C001 stands twice, first at file.csv:2."
    ]


def test_links_that_lead_nowhere_are_refused_with_their_line() -> None:
    broken = edited(DRAFT, "C002", relations={"part_of": links("D001"), "broader": links("C999")})["C002"]
    (line,) = lines(plan_of(DRAFT["C001"], broken))
    assert line.startswith("file.json:4:")
    assert "C999" in line


def test_a_circle_is_refused_with_a_line_of_it() -> None:
    circle = edited(DRAFT, "C001", relations={**DRAFT["C001"].relations, "broader": links("C002")})["C001"]
    (line,) = lines(plan_of(circle))
    assert line.startswith("file.json:3:")
    assert "C002" in line


def test_a_concept_without_english_is_refused_with_its_line() -> None:
    spanish = a_concept(
        "technology", "T002", labels={"es": Labels(preferred="Red")}, relations={"related": links("P001")}
    )
    (line,) = lines(plan_of(DRAFT["C001"], spanish))
    assert line.startswith("file.json:4:")
    assert '"en"' in line or "English" in line


def test_an_attribute_of_another_kind_is_refused_at_its_cell() -> None:
    (line,) = lines(plan_import(DRAFT, [read("csv", csv_file("code,label@en,maturity", "C001,x,emerging"))]))
    assert line.startswith("file.csv:2:3: ")
    assert "maturity" in line


def test_retiring_what_others_still_use_is_refused_at_the_retired_one() -> None:
    retired = edited(DRAFT, "D001", retirement=Retirement(reason="gone", on="2026-01-01"))["D001"]
    found = lines(plan_of(retired))
    assert len(found) >= 3
    assert all(line.startswith("file.json:3:1: ") for line in found if "C00" in line)


def test_an_error_that_the_draft_had_before_stands_in_no_ones_way() -> None:
    draft = edited(DRAFT, "C002", relations={"part_of": links("D001"), "broader": links("C999")})
    plan = plan_of(edited(draft, "C001", labels={"en": labels("Other")})["C001"], draft=draft)
    assert codes(plan.changed) == ["C001"]
    worse = edited(draft, "C002", relations={"part_of": links("D001"), "broader": links("C998", "C999")})["C002"]
    assert len(lines(plan_of(worse, draft=draft))) == 1


def test_what_a_published_version_promised_is_kept() -> None:
    parent = edited(DRAFT, "C001", meaning=4, former_codes=("W01",))
    (meaning,) = lines(plan_of(edited(parent, "C001", meaning=3)["C001"], draft=parent, parent=parent))
    assert "/meaning" in meaning
    (former,) = lines(plan_of(edited(parent, "C001", former_codes=())["C001"], draft=parent, parent=parent))
    assert "W01" in former


def test_warnings_about_what_is_written_are_shown_and_do_not_refuse() -> None:
    plan = plan_of(edited(DRAFT, "C001", sources=())["C001"])
    assert not plan.is_refused
    assert any("file.json:3:" in str(warning) for warning in plan.warnings)
    assert plan_of(DRAFT["C001"]).warnings == ()


def test_problems_of_all_files_come_together_and_nothing_else_is_looked_at() -> None:
    plan = plan_import(DRAFT, [read("json", "{"), read("csv", "x")])
    assert [problem.place.source for problem in plan.problems] == ["file.json", "file.csv", "file.csv"]
    assert plan_import(DRAFT, [read("json", json_file())]).problems[0].message == "There is no concept in it."


def test_a_plan_for_programs_leaves_out_the_contents_of_added_concepts() -> None:
    plan = plan_of(a_concept("technology", "T002", label="Net", relations={"related": links("P001")}))
    content = plan.as_json()
    assert content["added"] == [{"code": "T002", "kind": "technology", "label": "Net"}]
    assert (content["refused"], content["unchanged"]) == (False, 0)
