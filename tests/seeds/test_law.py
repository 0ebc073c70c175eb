"""Legal references: well formed, and each in the table from which a lawyer checks them."""

from __future__ import annotations

import re
from collections import defaultdict

from tests.support.seeds import TODAY, VERSIONS, active, state
from tests.support.sources import ROOT

PAGE = (ROOT / "docs/reference/legal-references.md").read_text("utf-8")
MARKS = set(re.findall(r"^\| (\w+) \| [A-Z].+\|$", PAGE, re.MULTILINE)) - {"mark"}
ROW = re.compile(r"^\| \[(.+?)\]\((\S+)\) \| (.+?) \| (.+?) \| (\w+) \| (.+?) \| (.+?) \| (\w+) \|$", re.MULTILINE)

ACT = re.compile(
    r"(Directive|Regulation|Implementing Decision|Implementing Regulation)"
    r" (\(EU\) \d{4}/\d+|\d{4}/\d+/EU|\(EU\) No \d+/\d{4}|\d{4}/\d+/EC|\d+/\d+/EEC|No \d+/\d{4}/EC)"
    r"|(Regulation) \(EU\) No \d+/\d{4}"
    r"|Charter of Fundamental Rights of the European Union"
    r"|Treaty on the Functioning of the European Union"
)
ARTICLE = re.compile(r"\d+[a-z]?(\(\d+\))*(\([a-z]+\))?(\(\d+\))?|Annex [A-Z], chapter \d+")

Reference = tuple[str, str, str, str]  # act, article, address, code


def references() -> dict[Reference, list[str]]:
    """Every legal reference with the versions that hold it."""
    found: dict[Reference, list[str]] = defaultdict(list)
    for version in VERSIONS:
        for concept in state(version):
            for entry in concept.attributes.get("legal_references", ()):
                found[entry["act"], entry["article"], entry["uri"], concept.code].append(version)
    return found


def test_acts_and_articles_are_written_in_one_way() -> None:
    assert [act for act, _, _, _ in references() if not ACT.fullmatch(act)] == []
    assert [(act, article) for act, article, _, _ in references() if not ARTICLE.fullmatch(article)] == []


def test_an_act_has_one_address() -> None:
    addresses: dict[str, set[str]] = defaultdict(set)
    for act, _, address, _ in references():
        addresses[act].add(address)
    assert {act: found for act, found in addresses.items() if len(found) > 1} == {}
    assert all(address.startswith("http://data.europa.eu/eli/") for found in addresses.values() for address in found)


def test_the_address_is_that_of_the_act() -> None:
    for act, _, address, _ in references():
        numbers = re.findall(r"\d+", act.replace("89/665", "1989/665"))
        if numbers:
            assert sorted(numbers) == sorted(re.findall(r"\d+", address)), f"{act}: {address}"


def test_no_provision_is_named_twice_on_a_concept() -> None:
    for version in VERSIONS:
        for concept in state(version):
            provisions = [(e["act"], e["article"]) for e in concept.attributes.get("legal_references", ())]
            assert len(provisions) == len(set(provisions)), concept.code


def test_the_table_holds_every_reference_and_no_other() -> None:
    rows = {(act, article, uri, code): versions for act, uri, article, _, code, _, versions, _ in ROW.findall(PAGE)}
    assert rows == {reference: ", ".join(versions) for reference, versions in references().items()}


def test_the_table_names_each_concept_as_it_is_called_and_how_far_it_was_checked() -> None:
    for _, _, _, subject, code, label, _, mark in ROW.findall(PAGE):
        name = state(TODAY)[code].name
        assert label == (name if state(TODAY)[code].retirement is None else f"{name} (retired)"), code
        assert subject, code
        assert mark in MARKS


def test_the_summary_below_the_table_is_true() -> None:
    provisions = {(act, article): mark for act, _, article, _, _, _, _, mark in ROW.findall(PAGE)}
    counts = {mark: list(provisions.values()).count(mark) for mark in ("read", "title", "described", "memory")}
    acts = len({act for act, _ in provisions})
    expected = f"{len(references())} references to {len(provisions)} provisions of {acts} acts: " + ", ".join(
        f"{number} {mark}" for mark, number in counts.items()
    )
    assert expected in PAGE


def test_procurement_topics_refer_to_the_three_directives_and_to_the_guidance_on_innovation() -> None:
    acts = {e["act"] for c in active(TODAY, "procurement-topic") for e in c.attributes.get("legal_references", ())}
    assert {"Directive 2014/23/EU", "Directive 2014/24/EU", "Directive 2014/25/EU"} <= acts
    titles = {s.title for c in active(TODAY, "procurement-topic") for s in c.sources}
    assert any("innovation procurement" in title.lower() for title in titles)
