from __future__ import annotations

from hypothesis import given

from competency_api.taxonomy.speaking import AllLanguages, OneLanguage
from competency_api.taxonomy.taxonomy import Taxonomy
from tests import strategies
from tests.factories import labels

TEXTS = {"en": "city", "es": "ciudad", "pt": "cidade"}


def test_one_text_says_its_language_and_whether_anybody_reviewed_it() -> None:
    speaker = OneLanguage(["es"], ["en"])
    assert speaker.text(TEXTS, {"es": "reviewed"}) == {
        "text": "ciudad",
        "lang": "es",
        "fallback": False,
        "review": "reviewed",
    }


def test_a_parent_of_the_asked_language_is_no_fallback() -> None:
    said = OneLanguage(["es-MX"], ["en"]).text(TEXTS, {})
    assert (said["lang"], said["fallback"]) == ("es", False)


def test_a_translation_of_which_nothing_is_known_counts_as_draft() -> None:
    assert OneLanguage(["pt"], ["en"]).text(TEXTS, {})["review"] == "draft"


def test_a_missing_language_falls_back_in_the_declared_order_and_says_so() -> None:
    said = OneLanguage(["de"], ["pt", "en"]).text(TEXTS, {})
    assert (said["text"], said["fallback"]) == ("cidade", True)
    assert OneLanguage(["de"], []).text(TEXTS, {})["review"] == "original"


def test_no_text_is_taken_from_a_language_that_nobody_declared() -> None:
    assert OneLanguage(["de"], ["fr"]).text({"pt": "cidade"}, {}) is None


def test_labels_come_from_the_language_of_the_preferred_one() -> None:
    found = OneLanguage(["es"], ["en"]).labels({"en": labels("city", "town"), "es": labels("ciudad")}, {})
    assert found["preferred"]["text"] == "ciudad"
    assert found["alternative"] == []


def test_the_languages_of_an_answer_are_those_that_its_texts_are_in() -> None:
    speaker = OneLanguage(["es"], ["en"])
    speaker.text({"en": "only"}, {})
    speaker.text(TEXTS, {})
    assert speaker.used == ("es", "en")
    assert OneLanguage(["es"], ["en"]).used == ("es",)
    assert AllLanguages().used == ()


@given(strategies.taxonomies())
def test_whatever_is_said_is_a_text_of_the_concept(taxonomy: Taxonomy) -> None:
    speaker = OneLanguage(["es", "pt-BR"], ["en"])
    for concept in taxonomy:
        said = speaker.text(concept.definition, concept.translations)
        assert said is None or concept.definition[said["lang"]] == said["text"]
