"""Suggestions while typing: their order, their scope and what is marked in them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.search.index import SearchIndex
from competency_api.search.values import Suggestion, SuggestQuery
from competency_api.taxonomy.concept import Retirement, Successor
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, a_taxonomy, labels, links

INDEX = SearchIndex(a_taxonomy())


def a_named(code: str, preferred: str, *alternative: str, **fields: Any) -> Any:
    return a_concept(code=code, **({"labels": {"en": labels(preferred, *alternative)}, "definition": {}} | fields))


def suggest(taxonomy: Taxonomy, text: str, **options: Any) -> tuple[Suggestion, ...]:
    return SearchIndex(taxonomy).suggest(SuggestQuery(text=text, **options))


def codes(suggestions: tuple[Suggestion, ...]) -> list[str]:
    return [suggestion.code for suggestion in suggestions]


def marked(suggestion: Suggestion) -> list[str]:
    return [suggestion.text[start:end] for start, end in suggestion.spans]


@given(st.text(), st.text(max_size=8))
def test_no_text_and_no_language_raises(text: str, language: str) -> None:
    assert INDEX.suggest(SuggestQuery(text=text)) == INDEX.suggest(SuggestQuery(text=text))
    INDEX.suggest(SuggestQuery(text=text, language=language))


@given(st.data())
def test_every_beginning_of_a_label_suggests_its_concept(data: st.DataObject) -> None:
    concept = data.draw(st.sampled_from(sorted(a_taxonomy().concepts.values(), key=lambda c: c.code)))
    label = concept.labels[data.draw(st.sampled_from(sorted(concept.labels)))].preferred
    typed = label[: data.draw(st.integers(1, len(label)))]
    found = INDEX.suggest(SuggestQuery(text=typed, limit=100))
    assert concept.code in codes(found)
    assert next(s for s in found if s.code == concept.code).text.startswith(typed.strip())


def test_beginnings_come_first_then_words_inside_then_typing_errors() -> None:
    taxonomy = a_taxonomy(
        a_named("C001", "Public procurement"),
        a_named("C002", "Innovation", "procurement of innovation"),
        a_named("C003", "Procurement lead"),
    )
    assert codes(suggest(taxonomy, "procu")) == ["C003", "C002", "C001"]
    assert [s.matched_by for s in suggest(taxonomy, "procu")] == ["label", "label", "words"]
    assert {s.matched_by for s in suggest(taxonomy, "prcurement")} == {"typos"}


def test_of_equal_beginnings_the_shorter_label_comes_first() -> None:
    taxonomy = a_taxonomy(a_named("C001", "Data protection law"), a_named("C002", "Data space"))
    assert codes(suggest(taxonomy, "dat")) == ["C002", "C001"]


def test_of_labels_that_match_alike_those_in_the_language_of_the_answer_come_first() -> None:
    taxonomy = a_taxonomy(
        a_named("C001", "", labels={"de": labels("Plan")}),
        a_named("C002", "Plan of everything"),
        a_named("C003", "", labels={"es": labels("Plan de toda la ciudad")}),
        a_named("C004", "", labels={"es": labels("El plan", "plan central de la ciudad entera")}),
        a_named("C005", "A plan"),
    )
    assert codes(suggest(taxonomy, "plan")) == ["C001", "C002", "C003", "C004", "C005"]
    assert codes(suggest(taxonomy, "plan", answer_languages=("es",))) == ["C003", "C004", "C002", "C001", "C005"]
    assert codes(suggest(taxonomy, "plan", answer_languages=("en",), language="es")) == ["C003", "C004"]


def test_of_words_inside_labels_too_those_in_the_language_of_the_answer_come_first() -> None:
    taxonomy = a_taxonomy(a_named("C001", "A plan"), a_named("C002", "", labels={"es": labels("El gran plan")}))
    assert codes(suggest(taxonomy, "plan", answer_languages=("es",))) == ["C002", "C001"]
    assert codes(suggest(taxonomy, "plan", answer_languages=("fr",))) == ["C001", "C002"]


def test_words_may_be_typed_in_any_order() -> None:
    taxonomy = a_taxonomy(a_named("C001", "Public transport planning"), a_named("C002", "Public law"))
    (suggestion,) = suggest(taxonomy, "transport pub")
    assert (suggestion.code, marked(suggestion)) == ("C001", ["Public", "transport"])


def test_the_label_that_matched_is_shown_with_its_beginning_marked() -> None:
    taxonomy = a_taxonomy(a_named("C001", "Datos", labels={"es": labels("Evaluación", "Análisis de impacto")}))
    (suggestion,) = suggest(taxonomy, "analisis de im")
    assert (suggestion.text, suggestion.language) == ("Análisis de impacto", "es")
    assert marked(suggestion) == ["Análisis de im"]


def test_a_hidden_label_suggests_the_preferred_one() -> None:
    taxonomy = a_taxonomy(a_named("C001", "", labels={"en": labels("Wide network", hidden=("LoRaWAN",))}))
    (suggestion,) = suggest(taxonomy, "lora")
    assert (suggestion.text, suggestion.spans) == ("Wide network", ())


def test_a_begun_code_suggests_its_concepts() -> None:
    taxonomy = a_taxonomy(a_named("C001", "One"), a_named("C012", "Two"), a_named("C100", "Three"))
    assert [(s.code, s.matched_by) for s in suggest(taxonomy, "c0")] == [("C001", "code"), ("C012", "code")]


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        ({}, ["C001", "C002", "C003", "D001"]),
        ({"allowed": frozenset({"C003"})}, ["C003"]),
        ({"language": "es"}, ["C003"]),
        ({"allowed": frozenset()}, []),
        ({"limit": 2}, ["C001", "C002"]),
    ],
)
def test_a_scope_narrows_what_is_suggested(scope: dict[str, Any], found: list[str]) -> None:
    taxonomy = a_taxonomy(
        a_named("C001", "Plan one", relations={"part_of": links("D001")}),
        a_named("C002", "Plan two", relations={"broader": links("C001")}),
        a_named("C003", "", labels={"es": labels("Plan nueve")}, relations={"broader": links("C002")}),
        a_concept("discipline", "D001", "Plan nothing whatever"),
    )
    assert codes(suggest(taxonomy, "plan", **scope)) == found


def test_retired_concepts_come_last_with_what_to_use_instead() -> None:
    gone = Retirement(reason="Renewed.", on="2026-01-01", successors=(Successor(code="C002", match="equivalent"),))
    taxonomy = a_taxonomy(a_named("C001", "Plan", retirement=gone), a_named("C002", "Plan for everything"))
    suggestions = suggest(taxonomy, "plan")
    assert codes(suggestions) == ["C002", "C001"]
    assert suggestions[1].successors == (Successor(code="C002", match="equivalent"),)


def test_nothing_typed_suggests_nothing() -> None:
    assert suggest(a_taxonomy(), ' "*" ') == ()
