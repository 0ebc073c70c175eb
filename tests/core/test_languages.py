from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.core.languages import Choice, accepted, choose, find_tag


@pytest.mark.parametrize(
    ("given_tag", "canonical"),
    [("EN", "en"), ("pt_br", "pt-BR"), ("iw", "he"), ("zh-hant-tw", "zh-Hant-TW"), ("es-419", "es-419")],
)
def test_tags_are_kept_in_their_canonical_form(given_tag: str, canonical: str) -> None:
    assert find_tag(given_tag) == canonical


@pytest.mark.parametrize(
    "tag", ["", "qq", "english", "e", "en-", "en--us", "en\x00", "ｅｎ", "١", "\ud800", "e" * 9999]
)
def test_what_is_no_tag_has_no_canonical_form(tag: str) -> None:
    assert find_tag(tag) is None


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (["es"], Choice("es", fallback=False)),
        (["es-MX"], Choice("es", fallback=False)),
        (["zh-Hant-HK"], Choice("zh-Hant", fallback=False)),
        (["es-x-dialect"], Choice("es", fallback=False)),
        (["fr", "es"], Choice("es", fallback=False)),
        (["de"], Choice("pt", fallback=True)),
        ([], Choice("pt", fallback=True)),
    ],
)
def test_lookup_shortens_what_is_asked_and_then_follows_the_declared_order(asked: list[str], expected: Choice) -> None:
    assert choose(asked, ["en", "es", "pt", "zh-Hant"], ["pt", "en"]) == expected


def test_no_text_is_better_than_one_in_a_random_language() -> None:
    assert choose(["de"], ["fi"], ["en"]) is None


def test_a_wider_wish_is_not_answered_with_a_narrower_text() -> None:
    assert choose(["pt"], ["pt-BR"], []) is None


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("es-MX, es;q=0.9, en;q=0.8", ("es-MX", "es", "en")),
        ("en;q=0.2,es;q=0.7", ("es", "en")),
        ("de;q=0, *;q=0.5, fr", ("fr",)),
        ("es; q = 0.5 , pt_BR", ("es",)),
        ("es,es", ("es",)),
        (None, ()),
    ],
)
def test_accept_language_gives_the_tags_most_wanted_first(header: str | None, tags: tuple[str, ...]) -> None:
    assert accepted(header) == tags


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_no_header_and_no_tag_can_raise(text: str) -> None:
    tags = accepted(text)
    assert len(tags) <= 20
    assert choose([text, *tags], ["en"], [text]) in (None, Choice("en", fallback=False), Choice("en", fallback=True))


@given(st.text())
def test_a_canonical_tag_is_its_own_canonical_form(text: str) -> None:
    found = find_tag(text)
    assert found is None or find_tag(found) == found
