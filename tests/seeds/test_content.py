"""The content as a whole: how much there is of each kind, what it rests on, and how densely it is linked."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest

from tests.support.seeds import KNOWLEDGE, LANGUAGES, TODAY, VERSIONS, active, codes_in, sentence_of_readme, state

AT_LEAST = {
    "discipline": 12,
    "competency": 60,
    "technology": 22,
    "business-model": 24,
    "privacy-concern": 28,
    "procurement-topic": 34,
    "challenge": 10,
    "profile": 5,
}
#: The six questions of the workshop, by words that each question must have.
WORKSHOP = {
    "X001": {"disciplines", "engaged"},
    "X002": {"understand", "technologies", "tools"},
    "X003": {"business", "models", "designed", "evaluated", "infrastructure", "data"},
    "X004": {"data", "collected", "citizens", "vehicles"},
    "X005": {"monetise", "infrastructure", "data"},
    "X006": {"invest", "own", "private", "sector"},
}
#: People and devices that a smart city programme meets first.
DATA_SUBJECTS = {"residents", "drivers", "passengers", "pupils"}
DATA_SOURCES = {
    "cameras",
    "number-plate-readers",
    "wi-fi-access-points",
    "smart-meters",
    "connected-vehicles",
}
#: Sources without a year: pages that their publishers keep up.
UNDATED = {
    "About the Mobility Data Specification",
    "Business models and finance: city financing platforms",
    "Common European data spaces",
    "Living-in.EU: principles and MIMs Plus",
    "Local digital twin: the solution explained",
    "Minimal interoperability mechanisms",
    "SCALe: courses for smart city professionals",
    "Smart city project developer, part 2",
}
PROFILES = {
    "R001": "Programme manager of a small city",
    "R002": "Programme manager of a medium-sized city",
    "R003": "Programme manager of a large city",
    "R004": "Procurement lead",
    "R005": "Data protection lead",
}


def test_today_s_version_has_enough_of_every_kind() -> None:
    counts = Counter(concept.kind for concept in active(TODAY))
    assert {kind: counts[kind] for kind, least in AT_LEAST.items() if counts[kind] < least} == {}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_six_questions_of_the_workshop_are_asked(version: str) -> None:
    for number, (code, needed) in enumerate(WORKSHOP.items(), start=1):
        challenge = state(version)[code]
        assert needed <= set(re.findall("[a-z]+", challenge.attributes["question"]["en"].lower())), code
        assert challenge.former_codes == (f"W{number:02}",)


def test_every_other_question_says_that_it_is_the_editors() -> None:
    others = [c for c in active(TODAY, "challenge") if c.code not in WORKSHOP]
    assert [c.code for c in others if "added by the editors" not in c.scope_note["en"]] == []


def test_the_five_profiles_are_those_of_the_partnership() -> None:
    assert {c.code: c.name for c in active(TODAY, "profile")} == PROFILES


@pytest.mark.parametrize("version", VERSIONS)
def test_a_profile_gives_a_reason_for_every_level_that_it_expects(version: str) -> None:
    for profile in active(version, "profile"):
        expected = [(link.code, str(link.level)) for link in profile.relations["expects"]]
        assert len(expected) >= 20
        for language in {"en", "es"}:
            named = re.findall(r"([A-Z][0-9]{3}) \(([1-4])\)", profile.scope_note[language])
            assert sorted(named) == sorted(expected), f"{profile.code} in {language}"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_manager_is_expected_only_what_a_city_of_that_size_needs(version: str) -> None:
    for code, size in (("R001", "small"), ("R002", "medium"), ("R003", "large")):
        expected = set(state(version)[code].targets("expects"))
        needed = {c.code for c in active(version, "competency") if size in c.attributes["city_sizes"]}
        assert expected <= needed, code
        assert size == "small" or expected == needed, code


@pytest.mark.parametrize("version", VERSIONS)
def test_a_larger_city_expects_no_lower_level(version: str) -> None:
    levels = [{x.code: x.level or 0 for x in state(version)[code].relations["expects"]} for code in PROFILES][:3]
    for smaller, larger in pairwise(levels):
        assert {code for code, level in smaller.items() if larger.get(code, 0) < level} == set()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_competency_says_when_where_and_in_which_discipline_it_is_needed(version: str) -> None:
    for concept in active(version, "competency"):
        assert {"type", "phases", "city_sizes", "levels"} <= set(concept.attributes), concept.code
        assert concept.targets("part_of"), concept.code


def test_the_privacy_concerns_reach_the_people_and_devices_of_a_city() -> None:
    concerns = active(TODAY, "privacy-concern")
    assert {subject for c in concerns for subject in c.attributes["data_subjects"]} >= DATA_SUBJECTS
    assert {source for c in concerns for source in c.attributes["data_sources"]} >= DATA_SOURCES
    assert [c.code for c in concerns if not c.attributes.get("legal_references")] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_every_concept_names_its_sources(version: str) -> None:
    for concept in state(version):
        assert concept.sources, concept.code
        for source in concept.sources:
            assert source.title, concept.code
            assert source.publisher, source.title
            assert source.url.startswith(("http://", "https://")), source.title


def test_only_pages_that_are_kept_up_have_no_year() -> None:
    assert {source.title for c in state(TODAY) for source in c.sources if source.year is None} == UNDATED


@pytest.mark.parametrize("version", VERSIONS)
def test_no_source_is_younger_than_its_version(version: str) -> None:
    last = 2019 if version != TODAY else 2026
    late = {(c.code, s.title) for c in state(version) for s in c.sources if s.year and not 1950 < s.year <= last}
    assert late == set()


@pytest.mark.parametrize("version", VERSIONS)
def test_every_topic_is_required_by_a_competency(version: str) -> None:
    taxonomy = state(version)
    assert [c.code for c in active(version, *KNOWLEDGE) if not taxonomy.incoming(c.code, "requires")] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_only_the_competencies_that_the_readme_names_require_no_topic(version: str) -> None:
    without = {
        concept.code
        for concept in active(version, "competency")
        if not any(state(version)[code].kind in KNOWLEDGE for code in concept.targets("requires"))
    }
    assert without == codes_in(sentence_of_readme("`requires` names no technology"))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_challenge_is_addressed_by_five_concepts_or_more(version: str) -> None:
    taxonomy = state(version)
    addressed = {c.code: len(taxonomy.incoming(c.code, "addresses")) for c in active(version, "challenge")}
    assert {code: number for code, number in addressed.items() if number < 5} == {}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_discipline_has_competencies_of_its_own(version: str) -> None:
    taxonomy = state(version)
    assert [c.code for c in active(version, "discipline") if not taxonomy.incoming(c.code, "part_of")] == []


def test_nothing_names_a_language_that_is_not_kept() -> None:
    assert [set(state(version).languages) for version in VERSIONS] == [set(LANGUAGES), set(LANGUAGES)]
