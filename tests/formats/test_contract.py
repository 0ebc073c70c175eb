"""What every format promises, asked of each."""

from __future__ import annotations

import pytest
from hypothesis import given

from competency_api.formats import FORMATS
from competency_api.formats.document import Document, Format, Header
from competency_api.formats.reading.concepts import completed
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_taxonomy
from tests.strategies import taxonomies
from tests.strategies_broken import broken_taxonomies

every_format = pytest.mark.parametrize("format_", FORMATS.values(), ids=list(FORMATS))


def dumped(format_: Format, taxonomy: Taxonomy, header: Header | None = None) -> bytes:
    return b"".join(format_.dump(taxonomy, header))


def taxonomy_of(document: Document) -> Taxonomy:
    return Taxonomy(completed(entry, None) for entry in document.entries)


@every_format
@given(taxonomy=taxonomies(dangling=True, cyclic=True))
def test_what_is_dumped_and_loaded_again_is_the_same(format_: Format, taxonomy: Taxonomy) -> None:
    document = format_.load(dumped(format_, taxonomy), "file")
    assert document.problems == ()
    assert taxonomy_of(document) == taxonomy
    assert taxonomy_of(document).digest == taxonomy.digest


@every_format
@given(taxonomy=broken_taxonomies())
def test_any_draft_can_be_dumped_and_what_is_dumped_can_be_read(format_: Format, taxonomy: Taxonomy) -> None:
    document = format_.load(dumped(format_, taxonomy), "file")
    assert all(problem.place.source == "file" for problem in document.problems)


@every_format
def test_the_same_content_gives_the_same_bytes_in_whatever_order_it_came(format_: Format) -> None:
    taxonomy = a_taxonomy()
    assert dumped(format_, Taxonomy(reversed(list(taxonomy)))) == dumped(format_, taxonomy)


@every_format
def test_the_file_comes_concept_by_concept(format_: Format) -> None:
    taxonomy = a_taxonomy()
    assert len(list(format_.dump(taxonomy))) > len(taxonomy)


@every_format
def test_an_empty_taxonomy_is_a_file_that_can_be_read(format_: Format) -> None:
    document = format_.load(dumped(format_, Taxonomy([])), "file")
    assert (document.entries, document.problems) == ((), ())


@every_format
def test_a_byte_order_mark_is_let_pass(format_: Format) -> None:
    data = b"\xef\xbb\xbf" + dumped(format_, a_taxonomy()).removeprefix(b"\xef\xbb\xbf")
    assert taxonomy_of(format_.load(data, "file")) == a_taxonomy()


@every_format
def test_line_ends_of_any_system_are_let_pass(format_: Format) -> None:
    data = dumped(format_, a_taxonomy()).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    assert taxonomy_of(format_.load(data, "file")) == a_taxonomy()


@pytest.mark.parametrize("name", ["json", "ndjson"])
def test_the_header_of_a_version_comes_back(name: str) -> None:
    header = Header(number="1.0.0", title="First", notes="One\n\nTwo", valid_from="2026-11-23", notices=("a", "b"))
    assert FORMATS[name].load(dumped(FORMATS[name], a_taxonomy(), header), "file").header == header


def test_every_format_is_registered_under_its_name_and_has_an_ending_of_its_own() -> None:
    assert all(format_.name == name for name, format_ in FORMATS.items())
    assert len({format_.suffix for format_ in FORMATS.values()}) == len(FORMATS)
