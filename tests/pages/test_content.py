"""What pages show."""

from __future__ import annotations

import datetime as dt
import html
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from benchmarks import synthetic
from competency_api.concepts.presentation import Presenter
from competency_api.pages.content import linked_data, reference
from competency_api.pages.content.browsing import A_PAGE, kind_page, views_of
from competency_api.pages.content.citing import Citation
from competency_api.pages.content.differences import language_in, place
from competency_api.pages.content.finding import Asked, marked
from competency_api.pages.guides import guides, notes
from competency_api.pages.links import Links, alternates
from competency_api.pages.prose.codes import linked, linked_in
from competency_api.pages.prose.speech import Voice
from competency_api.pages.prose.words import compared
from competency_api.pages.texts import texts_of
from competency_api.search.values import Highlight
from tests.factories import a_taxonomy
from tests.support.sources import ROOT

DAY = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


def without(markup: str, gone: str) -> str:
    """The text of a comparison without what is in one of its elements."""

    return html.unescape(re.sub("</?(del|ins)>", "", re.sub(f"<{gone}>.*?</{gone}>", "", markup, flags=re.DOTALL)))


@given(st.text("ab <&", max_size=40), st.text("ab <&", max_size=40))
def test_a_comparison_holds_both_texts_and_nothing_else(old: str, new: str) -> None:
    found = compared(old, new)
    if found is not None:
        assert without(found, "ins") == old
        assert without(found, "del") == new


def test_texts_with_little_in_common_are_not_compared_word_by_word() -> None:
    assert compared("Release public data for re-use", "Publish open data") is None
    assert compared("One two three four", "One two three five") == Markup(
        "One two three <del>four</del><ins>five</ins>"
    )
    assert compared("word " * 900, "word " * 901) is None


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", "Whole concept"),
        ("/labels/es/preferred", "Label, Spanish"),
        ("/labels/es/alternative", "Alternative labels, Spanish"),
        ("/labels/es", "Label, Spanish"),
        ("/definition/en", "Definition, English"),
        ("/relations/requires", "Requires"),
        ("/attributes/phases", "Phases"),
        ("/attributes/levels/2/en", "Level, 2, English"),
        ("/translations/fr", "Review of the translation, French"),
        ("/sources", "Sources"),
        ("/something/new", "something, new"),
    ],
)
def test_a_place_in_a_concept_is_said_in_words(path: str, said: str) -> None:
    assert place(path, texts_of("en")) == said


def test_only_texts_have_a_language() -> None:
    places = ("/labels/es/preferred", "/attributes/question/de", "/attributes/levels/1/en", "/relations/requires", "")
    assert [language_in(path) for path in places] == ["es", "de", "en", "", ""]


def test_a_citation_names_the_exact_version() -> None:
    citation = Citation("C017", "R&D_1", "2.0.0", "", DAY, "https://example.org/en/versions/2.0.0/concepts/C017")
    for written in (citation.plain(), citation.apa(), citation.bibtex()):
        assert "2.0.0" in written
        assert "https://example.org/en/versions/2.0.0/concepts/C017" in written
    assert r"title = {{R\&D\_1} (C017)}" in citation.bibtex()


def test_linked_data_cannot_end_the_block_that_they_are_in() -> None:
    assert "<" not in linked_data.as_script({"name": "</script><!--\u2028"})


@given(st.text(max_size=300), st.lists(st.integers(0, 300), max_size=6))
def test_marks_change_nothing_of_a_text(text: str, places: list[int]) -> None:
    edges = sorted({place for place in places if place <= len(text)})
    spans = tuple(zip(edges[::2], edges[1::2], strict=False))
    shown = marked(Highlight("/definition/en", text, spans)).replace("<mark>", "").replace("</mark>", "")

    assert html.unescape(shown).strip("…") in text or "&" in text or "…" in text


@pytest.mark.parametrize("page", ["", "0", "-1", "x", "²", "99999", "1.5"])
def test_what_is_no_page_is_the_first_or_the_last_that_can_be_turned(page: str) -> None:
    assert Asked.of({"q": " data  protection ", "page": page}).page == 1
    assert Asked.of({"q": "x", "page": "999"}).page == 50
    assert Asked.of({"q": " data  protection "}).query(kind="profile") == {"q": "data protection", "kind": "profile"}


def test_codes_in_texts_are_links_where_the_version_has_them() -> None:
    taxonomy, links = a_taxonomy(), Links("en")
    assert linked("C001 & C999", taxonomy, links) == Markup(
        '<a href="/en/concepts/C001" title="Competency C001">C001</a> &amp; C999'
    )
    assert linked_in(Markup('<p id="C001">C001</p>'), taxonomy, links).startswith('<p id="C001"><a href=')


def test_notes_are_markdown_without_html() -> None:
    shown = notes("# Big\n\n- **one** <b>two</b>\n\n[x](javascript:alert(1)) [y](https://example.org)")
    assert "<h3>Big</h3>" in shown
    assert "<strong>one</strong> &lt;b&gt;two&lt;/b&gt;" in shown
    assert "javascript:" not in re.findall('href="([^"]*)"', shown)
    assert '<a href="https://example.org">y</a>' in shown


def test_every_how_to_page_is_a_guide() -> None:
    assert {"read", "publish", "webhooks"} <= guides().keys()
    for guide in guides().values():
        assert guide.title
        assert guide.summary
        assert guide.body.count("<h1") == 1
        assert ".md" not in "".join(re.findall('href="([^"]*)"', guide.body))


def test_the_reference_has_every_operation_of_the_description() -> None:
    document = json.loads((ROOT / "openapi" / "openapi.json").read_text("utf-8"))
    shown = {operation["id"]: operation for group in reference.groups(document) for operation in group["operations"]}
    methods = ("get", "post", "put", "patch", "delete")
    assert shown.keys() == {item[m]["operationId"] for item in document["paths"].values() for m in methods if m in item}
    assert {row["name"] for row in shown["search_concepts"]["parameters"]} >= {"version", "q", "kind", "limit"}
    assert shown["create_key"]["scopes"] == ["admin"]
    assert {row["name"] for row in shown["create_key"]["body"]} >= {"scopes"}
    assert {row["status"] for row in shown["read_concept"]["responses"]} >= {"200", "301", "303", "404"}


def test_a_schema_is_said_in_a_few_words() -> None:
    several = {"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/Thing"}]}
    schemas = (
        {"enum": ["a", "b"]},
        {"type": "array", "items": {"type": "integer"}},
        several,
        {"type": ["string", "null"]},
    )
    assert [reference.type_of(schema) for schema in schemas] == [
        "a | b",
        "list of integer",
        "string | Thing",
        "string | null",
    ]


def test_the_same_page_in_another_language_has_the_same_path() -> None:
    assert alternates("/en/versions/2.0.0/concepts/C017")["fr"] == "/fr/versions/2.0.0/concepts/C017"
    assert alternates("/es/")["nl"] == "/nl/"
    assert Links("pt", "1.0.0").search(q="a b&c", kind="") == "/pt/versions/1.0.0/search?q=a+b%26c"


def test_a_kind_too_large_for_one_page_is_read_page_by_page() -> None:
    made = synthetic.taxonomy(1_200)
    assert views_of(made, "competency")[-1] == "a-z"
    assert "discipline" not in views_of(made, "competency")
    voice = Voice(texts_of("en"), ())
    shown = kind_page(Presenter(made, "1.0.0", "", voice), voice, "competency", "a-z", 2)
    assert (len(shown["entries"]), shown["page"]) == (A_PAGE, 2)
    assert shown["pages"] == -(-shown["total"] // A_PAGE)
