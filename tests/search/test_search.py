"""Search over one version: what is found, in which order, with what beside it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competency_api.search.finding.querying import MOST_WORDS
from competency_api.search.index import SearchIndex
from competency_api.search.values import Hit, SearchQuery, SearchResult
from competency_api.taxonomy.concept import Alignment, Concept, Retirement, Successor
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_concept, a_taxonomy, labels, links
from tests.strategies import taxonomies

ODD_TEXTS = (
    *(
        "c++",
        "AND",
        "OR NOT",
        '"',
        '""',
        '"""',
        "'",
        "\\",
        "*",
        "?",
        "~2",
        "^5",
        "[a TO b]",
        "field:x",
        "+-",
        "(",
        "/a/",
    ),
    *("👩‍🚒", "\x00", "\ud800", "\u202e", "％", "{{7*7}}", "' OR 1=1 --", "%s%n", "\n\t", "“«„", "the of and", "de la"),
    *("a" * 10_000, "word " * 2_000, '"' * 9_999, "數據" * 500, "e" + "\u0301" * 300, "a-" * 5_000, "C1 " * 999),
)
INDEX = SearchIndex(a_taxonomy())


def a_named(code: str, preferred: str, *alternative: str, **fields: Any) -> Concept:
    """A concept with these English labels, and without a definition unless one is given."""
    kind = {"C": "competency", "D": "discipline", "T": "technology"}[code[0]]
    return a_concept(kind, code, **({"labels": {"en": labels(preferred, *alternative)}, "definition": {}} | fields))


def search(taxonomy: Taxonomy, text: str, **options: Any) -> SearchResult:
    return SearchIndex(taxonomy).search(SearchQuery(text=text, **options))


def codes(result: SearchResult) -> list[str]:
    return [hit.code for hit in result.hits]


def marked(hit: Hit) -> dict[str, list[str]]:
    return {one.path: [one.text[start:end] for start, end in one.spans] for one in hit.highlights}


# -- any input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ODD_TEXTS, ids=range(len(ODD_TEXTS)))
def test_odd_texts_are_words_or_nothing(text: str) -> None:
    result = INDEX.search(SearchQuery(text=text))
    assert len(result.hits) <= result.total <= len(a_taxonomy())


@given(st.text(), st.text(max_size=8))
def test_no_text_and_no_language_raises(text: str, language: str) -> None:
    assert INDEX.search(SearchQuery(text=text)) == INDEX.search(SearchQuery(text=text))
    INDEX.search(SearchQuery(text=text, language=language))


@settings(max_examples=15)
@given(taxonomies(), st.data())
def test_every_concept_is_found_by_its_preferred_label(taxonomy: Taxonomy, data: st.DataObject) -> None:
    index = SearchIndex(taxonomy)
    everything = frozenset(taxonomy.concepts)
    for concept in taxonomy:
        tag = data.draw(st.sampled_from(sorted(concept.labels)))
        label = concept.labels[tag].preferred
        result = index.search(SearchQuery(text=label, language=tag, allowed=everything, limit=len(taxonomy)))
        assert concept.code in codes(result) or not any(char.isalnum() for char in label)


def test_of_a_long_text_the_beginning_is_read_and_the_rest_counted() -> None:
    text = " ".join(f"word{number}" for number in range(MOST_WORDS + 7))
    assert search(a_taxonomy(), text).ignored_words == 7


def test_an_empty_text_and_an_empty_version_find_nothing() -> None:
    assert search(a_taxonomy(), "  ").completeness == "none"
    assert search(Taxonomy([]), "data").hits == ()


# -- order -----------------------------------------------------------------------------------------------------------


def test_preferred_labels_come_before_alternative_before_hidden_before_texts() -> None:
    taxonomy = a_taxonomy(
        a_named("C001", "First", definition={"en": "Metering."}),
        a_named("C002", "Second", labels={"en": labels("Second", hidden=("metering of water",))}),
        a_named("C003", "Third", "metering of heat"),
        a_named("C004", "A long preferred label that names the metering of everything in the whole city"),
    )
    result = search(taxonomy, "metering")
    assert codes(result) == ["C004", "C003", "C002", "C001"]
    assert [hit.matched_by for hit in result.hits] == ["preferred", "alternative", "hidden", "text"]


def test_a_code_and_a_whole_label_come_first() -> None:
    taxonomy = a_taxonomy(
        a_named("C001", "Data"),
        a_named("C002", "Data data data", "plan c003"),
        a_named("C003", "Open", "DATA"),
    )
    assert codes(search(taxonomy, "data")) == ["C001", "C003", "C002"]
    result = search(taxonomy, "c003, data")
    assert (codes(result)[0], result.hits[0].matched_by, result.hits[0].exact) == ("C003", "code", True)


def test_of_concepts_with_the_same_label_those_with_it_in_more_languages_come_first() -> None:
    once = {"en": labels("One", "PPP"), "es": labels("Uno")}
    twice = {"en": labels("Two", "PPP"), "es": labels("Dos", "PPP")}
    taxonomy = a_taxonomy(a_named("C001", "", labels=once), a_named("C002", "", labels=twice))
    assert codes(search(taxonomy, "ppp")) == ["C002", "C001"]


def test_equal_hits_stand_in_the_order_of_their_codes() -> None:
    taxonomy = a_taxonomy(*(a_named(f"C{number:03}", f"Plan {name}") for number, name in enumerate("zyxwv")))
    assert codes(search(taxonomy, "plan")) == [f"C{number:03}" for number in range(5)]


def test_words_side_by_side_raise_a_hit() -> None:
    taxonomy = a_taxonomy(a_named("C001", "City of the smart"), a_named("C002", "The smart city of all"))
    assert codes(search(taxonomy, "smart city")) == ["C002", "C001"]


def test_pages_continue_each_other() -> None:
    taxonomy = a_taxonomy(*(a_named(f"C{number:03}", f"Plan {number}") for number in range(9)))
    pages = [codes(search(taxonomy, "plan", limit=4, offset=offset)) for offset in (0, 4, 8)]
    assert [code for page in pages for code in page] == codes(search(taxonomy, "plan"))


# -- words -----------------------------------------------------------------------------------------------------------


def test_every_word_must_be_there_else_as_many_as_possible() -> None:
    taxonomy = a_taxonomy(a_named("C001", "Procure innovation"), a_named("C002", "Procure lighting"))
    both, some = search(taxonomy, "procuring lighting"), search(taxonomy, "procure public lighting")
    assert (codes(both), both.completeness) == (["C002"], "all")
    assert (codes(some), some.completeness, some.unknown) == (["C002", "C001"], "some", ("public",))


def test_words_that_say_little_are_not_required_unless_there_are_no_others() -> None:
    taxonomy = a_taxonomy(a_named("C001", "Finance a pilot"), a_named("C002", "Life after the pilot"))
    result = search(taxonomy, "how do we finance the pilot?")
    assert (codes(result), result.completeness) == (["C001"], "all")
    assert codes(search(taxonomy, "the")) == ["C002"]


def test_quoted_words_must_stand_side_by_side_in_one_label() -> None:
    taxonomy = a_taxonomy(
        a_named("C001", "Open data platform"),
        a_named("C002", "Data that is open", "open", "data"),
    )
    assert set(codes(search(taxonomy, "open data"))) == {"C001", "C002"}
    for quoted in ('"open data"', "“Open Data”", "«open data» platform"):
        assert codes(search(taxonomy, quoted)) == ["C001"]
    assert len(codes(search(taxonomy, 'open data "'))) == 2


def test_a_typing_error_is_forgiven_and_said() -> None:
    result = search(a_taxonomy(a_named("C001", "Procurement law")), "procuremnet law")
    assert (codes(result), result.corrections) == (["C001"], {"procuremnet": ("procurement",)})


# -- languages -------------------------------------------------------------------------------------------------------


def test_a_hit_says_in_which_language_it_matched() -> None:
    both = {"en": labels("Data protection"), "es": labels("Protección de datos")}
    taxonomy = a_taxonomy(a_named("C001", "", labels=both))
    assert [search(taxonomy, text).hits[0].language for text in ("protection", "PROTECCION")] == ["en", "es"]


def test_a_language_given_searches_that_one_and_its_regions() -> None:
    both = {"en": labels("Plan"), "pt-BR": labels("Plano de dados"), "es": labels("Plano")}
    taxonomy = a_taxonomy(a_named("C001", "", labels=both))
    for asked, searched in (("pt", ("pt-BR",)), ("es-MX", ("es",)), ("pt-br", ("pt-BR",)), ("fr", ())):
        result = search(taxonomy, "plano", language=asked)
        assert (result.languages, result.total) == (searched, len(searched))


def test_accents_of_every_script_may_be_left_out() -> None:
    greek = {"en": labels("Data"), "el": labels("Προστασία δεδομένων")}
    hit = search(a_taxonomy(a_named("C001", "", labels=greek)), "προστασια δεδομενων").hits[0]
    assert (hit.matched_by, hit.exact, hit.language) == ("preferred", True, "el")
    assert marked(hit) == {"/labels/el/preferred": ["Προστασία", "δεδομένων"]}


# -- what stands beside a hit ----------------------------------------------------------------------------------------


def test_highlights_are_the_texts_that_explain_the_hit() -> None:
    concept = a_named("C001", "Vídeo surveillance", "CCTV cameras", definition={"en": "Cameras in the street, seen."})
    taxonomy = a_taxonomy(concept)
    assert marked(search(taxonomy, "video").hits[0]) == {"/labels/en/preferred": ["Vídeo"]}
    assert marked(search(taxonomy, "video in the streets").hits[0]) == {
        "/labels/en/preferred": ["Vídeo"],
        "/definition/en": ["street"],
    }


def test_hidden_labels_find_and_are_not_shown() -> None:
    hit = search(
        a_taxonomy(a_named("C001", "", labels={"en": labels("Network", hidden=("LoRaWAN",))})), "lorawan"
    ).hits[0]
    assert (hit.matched_by, hit.highlights) == ("hidden", ())


def test_facets_count_every_hit_by_kind_and_discipline() -> None:
    taxonomy = a_taxonomy(
        a_named("C001", "Plan roads", relations={"part_of": links("D001", "D002")}),
        a_named("C002", "Plan rails", relations={"part_of": links("D001")}),
        a_named("D001", "Planning"),
        a_named("T001", "Plan server"),
    )
    result = search(taxonomy, "plan", limit=1)
    assert result.total == 4
    assert result.facets == {
        "kind": {"competency": 2, "discipline": 1, "technology": 1},
        "discipline": {"D001": 2, "D002": 1},
    }


def test_a_hit_counts_for_the_disciplines_above_its_own() -> None:
    circle = {"relations": {"broader": links("D001")}}
    taxonomy = a_taxonomy(
        a_named("C001", "Plan roads", relations={"part_of": links("D002")}),
        a_named("D001", "Upper", relations={"broader": links("D002")}),
        a_named("D002", "Lower", **circle),
    )
    assert search(taxonomy, "roads").facets["discipline"] == {"D001": 1, "D002": 1}


def test_only_what_is_allowed_is_found_and_counted() -> None:
    taxonomy = a_taxonomy(a_named("C001", "Plan"), a_named("C002", "Plan"), a_named("T001", "Plan"))
    result = search(taxonomy, "plan C002", allowed=frozenset({"C001"}))
    assert (codes(result), result.facets["kind"]) == (["C001"], {"competency": 1})


def test_a_retired_concept_is_found_after_the_active_with_what_to_use_instead() -> None:
    gone = Retirement(reason="Merged.", on="2026-01-01", successors=(Successor(code="C002", match="equivalent"),))
    taxonomy = a_taxonomy(
        a_named("C001", "Tracking by Wi-Fi", retirement=gone),
        a_named("C002", "Devices seen by radio", "some tracking", retirement=None),
    )
    hits = search(taxonomy, "tracking").hits
    assert [(hit.code, [s.code for s in hit.successors]) for hit in hits] == [("C002", []), ("C001", ["C002"])]


def test_a_concept_to_use_instead_is_found_by_the_words_of_the_retired_one_and_before_it() -> None:
    def gone(*codes: str) -> Retirement:
        successors = tuple(Successor(code=code, match="equivalent") for code in codes)
        return Retirement(reason="Merged.", on="2026-01-01", successors=successors)

    taxonomy = a_taxonomy(
        a_named("C001", "Counting people by phone", retirement=gone("C002")),
        a_named("C002", "Counting visitors", retirement=gone("C004")),
        a_named("C003", "Consent by phone", definition={"en": "Counting."}),
        a_named("C004", "Tracking by radio", definition={"en": "Also by phone."}),
    )
    hits = search(taxonomy, "phone counting").hits
    assert [hit.code for hit in hits] == ["C004", "C003", "C001"]
    assert (hits[0].matched_by, hits[0].exact, marked(hits[0])) == ("hidden", False, {"/definition/en": ["phone"]})
    assert codes(search(taxonomy, "counting people by phone"))[0] == "C001"


def test_former_codes_and_aligned_concepts_are_found() -> None:
    uri = "http://data.europa.eu/esco/skill/1"
    aligned = (Alignment(match="exact", uri=uri, scheme="ESCO"),)
    taxonomy = a_taxonomy(a_named("C001", "Skill", former_codes=("W07",), alignments=aligned), a_named("C002", "ESCO"))
    assert [(hit.code, hit.matched_by) for hit in search(taxonomy, "w07").hits] == [("C001", "former-code")]
    assert [(hit.code, hit.matched_by) for hit in search(taxonomy, uri).hits] == [("C001", "alignment")]
