"""Of what was found alike, the language of who reads comes first, and nothing else changes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from competency_api.search.values import SearchQuery
from tests.factories import a_taxonomy, labels
from tests.search.test_search import INDEX, a_named, codes, search


def test_of_equal_hits_those_in_the_language_of_the_answer_come_first_then_the_reference_language() -> None:
    taxonomy = a_taxonomy(
        *(a_named(f"C00{n}", "", labels={tag: labels("Plan")}) for n, tag in enumerate(("de", "en", "es")))
    )
    for text in ("plan", "pla"):
        assert codes(search(taxonomy, text)) == ["C000", "C001", "C002"]
        assert codes(search(taxonomy, text, answer_languages=("es",))) == ["C002", "C001", "C000"]
        assert codes(search(taxonomy, text, answer_languages=("fr", "de-AT"))) == ["C000", "C001", "C002"]


def test_a_concept_that_is_found_alike_in_several_languages_is_shown_in_that_of_the_answer() -> None:
    both = {"en": labels("Central plan"), "es": labels("Plan central")}
    taxonomy = a_taxonomy(a_named("C001", "", labels=both))
    assert search(taxonomy, "plan", answer_languages=("es",)).hits[0].language == "es"
    assert search(taxonomy, "plan").hits[0].language == "en"


@settings(max_examples=30)
@given(st.sampled_from(("a", "name", "compet", "C00", "data plan")), st.lists(st.sampled_from(("en", "es", "fr", "x"))))
def test_the_language_of_the_answer_changes_the_order_alone(text: str, wanted: list[str]) -> None:
    usual = INDEX.search(SearchQuery(text=text, limit=99))
    found = INDEX.search(SearchQuery(text=text, limit=99, answer_languages=tuple(wanted)))
    assert sorted((hit.code, hit.score) for hit in found.hits) == sorted((hit.code, hit.score) for hit in usual.hits)
    assert [hit.score for hit in found.hits] == [hit.score for hit in usual.hits]
