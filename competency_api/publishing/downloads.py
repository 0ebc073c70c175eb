"""Checking a download by itself: what it says of its version, against its concepts and against a signature.

Pure: nothing but the file and the trusted keys is looked at, so that it works on any machine, without a database or a
network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from competency_api.core.signatures import BadSignature
from competency_api.formats.document import Document, Header
from competency_api.taxonomy.canonical import canonical_json, digest_of, version_digest
from competency_api.versions.sealing import read_statement


class Checked(msgspec.Struct, frozen=True):
    """What was found. ``is_trusted`` is whether one of the given keys signed it, rightly, and nothing is wrong."""

    number: str
    concepts: int
    digest: str
    is_signed: bool
    is_trusted: bool
    faults: tuple[str, ...]


def check_download(document: Document, keys: Mapping[str, str] | None) -> Checked:
    """Recompute the digest, and check the signature with the trusted public keys by their ids, where any are given.

    Never raises for what it finds.
    """
    header = document.header or Header()
    digests = {entry.code: digest_of(canonical_json(entry.concept)) for entry in document.entries}
    digest = version_digest(digests)
    if document.problems:  # what could be read of it says nothing about the rest
        faults = [_unreadable(document)]
        return Checked(header.number, len(digests), digest, bool(header.signature), False, tuple(faults))
    faults = [*_content_faults(document, digest)]
    if header.signature:
        faults += _signature_faults(header, keys)
    elif keys is not None:
        faults.append("The file is not signed.")
    is_trusted = keys is not None and not faults
    return Checked(header.number, len(digests), digest, bool(header.signature), is_trusted, tuple(faults))


def _unreadable(document: Document) -> str:
    more = len(document.problems) - 1 + document.more_problems
    first = document.problems[0]
    place = f"line {first.place.line}: " if first.place.line else ""
    return f"The file is not whole, or no taxonomy: {place}{first.message}" + (f" (and {more} more)" if more else "")


def _content_faults(document: Document, digest: str) -> Iterator[str]:
    if document.header is None or not document.header.digest:
        yield "The file does not say which version it is (a CSV never does): download it as JSON or NDJSON."
    elif document.header.digest != digest:
        found, said = f"Its {len(document.entries)} concepts have the digest {digest}", document.header.digest
        yield f"{found}, but {said} is what it says: they were changed, or some are missing."
    if len({entry.code for entry in document.entries}) < len(document.entries):
        yield "There are concepts in it twice."


def _signature_faults(header: Header, keys: Mapping[str, str] | None) -> list[str]:
    try:
        said = read_statement(header.signature, keys)
    except BadSignature as error:
        return [str(error)]
    found = {
        "number": header.number,
        "title": header.title,
        "notes_digest": digest_of(header.notes.encode()),
        "publisher": header.publisher,
        "published_at": header.published_at,
        "valid_from": header.valid_from,
        "digest": header.digest,
        "seal": header.seal,
    }
    differing = [name.removesuffix("_digest") for name in found if said.get(name) != found[name]]
    return [f"{name}: it is not what was signed." for name in differing]
