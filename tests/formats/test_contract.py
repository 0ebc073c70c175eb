"""What every format promises, asked of each."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competency_api.formats import FORMATS
from competency_api.formats.document import Header
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_taxonomy
from tests.strategies import taxonomies
from tests.strategies_broken import broken_taxonomies
from tests.support.files import as_file, problems_of, read, taxonomy_of

every_format = pytest.mark.parametrize("name", list(FORMATS))
every_text = pytest.mark.parametrize("name", ["json", "ndjson", "csv"])
#: A workbook is read by a process of its own: fewer examples, tests/formats/test_xlsx_format.py has its own.
by_cost = pytest.mark.parametrize(
    ("name", "examples"), [(name, 12 if name == "xlsx" else 60) for name in FORMATS], ids=list(FORMATS)
)


@pytest.mark.slow
@by_cost
def test_what_is_dumped_and_loaded_again_is_the_same(name: str, examples: int) -> None:
    @given(taxonomy=taxonomies(dangling=True, cyclic=True))
    @settings(max_examples=examples)
    def law(taxonomy: Taxonomy) -> None:
        loaded = taxonomy_of(read(name, as_file(name, taxonomy)))
        assert loaded == taxonomy
        assert loaded.digest == taxonomy.digest

    law()


@pytest.mark.slow
@by_cost
def test_any_draft_can_be_dumped_and_what_is_wrong_with_it_is_told_when_it_is_read(name: str, examples: int) -> None:
    @given(taxonomy=broken_taxonomies())
    @settings(max_examples=examples)
    def law(taxonomy: Taxonomy) -> None:
        document = read(name, as_file(name, taxonomy))
        assert len(document.entries) == len(taxonomy) or document.problems
        assert all(problem.place.line for problem in document.problems)

    law()


@every_format
def test_the_same_content_gives_the_same_bytes_in_whatever_order_it_came(name: str) -> None:
    taxonomy = a_taxonomy()
    assert as_file(name, Taxonomy(reversed(list(taxonomy)))) == as_file(name, taxonomy)


@every_text
def test_the_file_comes_concept_by_concept(name: str) -> None:
    assert len(list(FORMATS[name].dump(a_taxonomy()))) > len(a_taxonomy())


@every_format
def test_an_empty_taxonomy_is_a_file_that_can_be_read(name: str) -> None:
    document = read(name, as_file(name, Taxonomy([])))
    assert (document.entries, document.problems) == ((), ())


@every_text
def test_a_byte_order_mark_is_let_pass(name: str) -> None:
    data = b"\xef\xbb\xbf" + as_file(name, a_taxonomy()).removeprefix(b"\xef\xbb\xbf")
    assert taxonomy_of(read(name, data)) == a_taxonomy()


@every_text
def test_line_ends_of_any_system_are_let_pass(name: str) -> None:
    data = as_file(name, a_taxonomy()).replace(b"\r\n", b"\n")
    for end in (b"\n", b"\r\n"):
        assert taxonomy_of(read(name, data.replace(b"\n", end))) == a_taxonomy()


@every_format
@pytest.mark.parametrize("data", [b"", b"  \n", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_called_empty(name: str, data: bytes) -> None:
    assert problems_of(read(name, data)) == [f"file.{name}: The file is empty."]


@every_format
@pytest.mark.parametrize("data", [b"[" * 200_000, b'{"a":' * 100_000, b"\x80" * 1000, b'"' * 1001, b"\x00\x00", b"{}}"])
def test_hostile_bytes_are_refused_and_never_raise(name: str, data: bytes) -> None:
    assert problems_of(read(name, data))


MUTATIONS = st.lists(
    st.tuples(
        st.integers(0, 10**6), st.integers(0, 3), st.sampled_from([b"", b'"', b"{", b",", b"\n", b"\xff", b"|=;"])
    ),
    min_size=1,
    max_size=5,
)


@by_cost
def test_a_damaged_file_is_read_or_refused_with_places_and_never_raises(name: str, examples: int) -> None:
    @given(mutations=MUTATIONS)
    @settings(max_examples=examples)
    def law(mutations: list[tuple[int, int, bytes]]) -> None:
        data = as_file(name, a_taxonomy())
        for position, removed, inserted in mutations:
            start = position % len(data)
            data = data[:start] + inserted + data[start + removed :]
        document = read(name, data)
        assert document.entries or document.problems
        assert all(problem.message.endswith((".", "?", "!")) for problem in document.problems)

    law()


@every_text
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_another_unicode_encoding_is_named(name: str, encoding: str) -> None:
    data = as_file(name, a_taxonomy()).decode("utf-8-sig").encode(encoding)
    (problem,) = problems_of(read(name, data))
    assert "The file is encoded in UTF-" in problem
    assert "Save it as UTF-8" in problem


@pytest.mark.parametrize("name", ["json", "ndjson"])
def test_the_header_of_a_version_comes_back(name: str) -> None:
    header = Header(number="1.0.0", title="First", notes="One\n\nTwo", valid_from="2026-11-23", notices=("a", "b"))
    assert read(name, as_file(name, a_taxonomy(), header)).header == header


def test_every_format_is_registered_under_its_name_and_has_an_ending_of_its_own() -> None:
    assert all(format_.name == name for name, format_ in FORMATS.items())
    assert len({format_.suffix for format_ in FORMATS.values()}) == len(FORMATS)
