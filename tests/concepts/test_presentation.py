from __future__ import annotations

from typing import Any

from hypothesis import given

from competency_api.concepts.presentation import EXPANDABLE, Presenter
from competency_api.taxonomy.concept import Retirement, Successor
from competency_api.taxonomy.speaking import AllLanguages, OneLanguage
from competency_api.taxonomy.taxonomy import Taxonomy
from tests import strategies
from tests.factories import a_taxonomy, edited


def shown(code: str, taxonomy: Taxonomy | None = None, lang: str = "", include: tuple[str, ...] = ()) -> dict[str, Any]:
    speaker = OneLanguage([lang], ["en"]) if lang else AllLanguages()
    presenter = Presenter(taxonomy or a_taxonomy(), "1.2.0", "https://x.org", speaker, frozenset(include))
    return presenter.concept(code)


def test_a_concept_says_where_it_lives_and_which_version_it_is_of() -> None:
    found = shown("C001")
    assert (found["uri"], found["version"]) == ("https://x.org/id/C001", "1.2.0")
    assert found["digest"] == a_taxonomy().digests["C001"]


def test_texts_are_in_all_languages_unless_one_is_asked_for() -> None:
    assert set(shown("C001")["definition"]) == {"en", "es"}
    assert shown("C001", lang="es")["definition"]["lang"] == "es"
    assert shown("C003", lang="es")["attributes"]["levels"]["1"]["text"] == "Trabaja en el nivel 1"
    assert shown("X001", lang="es")["attributes"]["question"]["text"] == "¿Qué necesita la ciudad?"


def test_a_text_that_is_not_there_is_null_in_one_language_and_empty_in_all() -> None:
    assert shown("C001", lang="es")["scope_note"] is None
    assert shown("C001")["scope_note"] == {}


def test_links_carry_label_and_level_from_both_ends() -> None:
    label = {"en": "Competency C002", "es": "Competencia C002"}
    assert shown("R001")["relations"]["expects"][0] == {"code": "C002", "label": label, "level": 2}
    assert shown("C002")["inverse"]["expected_by"][0]["level"] == 2
    assert [link["code"] for link in shown("C001")["inverse"]["narrower"]] == ["C002"]


def test_a_symmetric_relation_is_seen_from_both_ends() -> None:
    assert [link["code"] for link in shown("P001")["relations"]["related"]] == ["T001"]
    assert [link["code"] for link in shown("T001")["relations"]["related"]] == ["P001"]


def test_include_expands_one_level_and_no_more() -> None:
    found = shown("R001", include=("expects", "requires"))["relations"]["expects"][1]
    assert (found["code"], found["level"], found["kind"]) == ("C003", 3, "competency")
    assert set(found["relations"]["requires"][0]) == {"code", "label"}


def test_a_retired_concept_names_what_to_use_at_the_end_of_the_chain() -> None:
    def replaced_by(code: str) -> Retirement:
        return Retirement(reason="merged", on="2026-01-01", successors=(Successor(code=code, match="equivalent"),))

    state = edited(edited(a_taxonomy(), "C001", retirement=replaced_by("C002")), "C002", retirement=replaced_by("C003"))
    retirement = shown("C001", state)["retirement"]
    assert [end["code"] for end in retirement["successors"]] == ["C002"]
    assert [(end["code"], end["match"]) for end in retirement["use"]] == [("C003", "equivalent")]
    assert retirement["use"][0]["label"]["es"] == "Competencia C003"


@given(strategies.taxonomies())
def test_any_concept_can_be_shown_whole(taxonomy: Taxonomy) -> None:
    for concept in taxonomy:
        found = shown(concept.code, taxonomy, include=EXPANDABLE)
        assert found["labels"].keys() == concept.labels.keys()
        assert shown(concept.code, taxonomy, lang="es")["status"] == concept.status
