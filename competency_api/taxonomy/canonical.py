"""Canonical JSON and digests: the same content has the same bytes on any machine.

Canonical JSON of a concept: keys sorted by code point, UTF-8, no insignificant space, nothing escaped but what JSON
demands, defaults left out. A concept's digest is the SHA-256 of those bytes; a version's digest is the SHA-256 of the
lines ``code digest\\n`` sorted by code. Both are lower-case hexadecimal. Anyone can recompute them with the standard
library of any language (docs/reference/digests.md shows it in Python).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec

from competency_api.taxonomy.concept import Concept

_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Concept)


def canonical_json(concept: Concept) -> bytes:
    """The canonical bytes of one concept."""
    return _encoder.encode(concept)


def from_canonical(data: bytes | str) -> Concept:
    """The concept that :func:`canonical_json` wrote. Raises ``msgspec.ValidationError`` on anything else."""
    return _decoder.decode(data)


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def concept_digest(concept: Concept) -> str:
    return digest_of(canonical_json(concept))


def version_digest(digests: Mapping[str, str]) -> str:
    """The digest of a version from the digests of its concepts, by code."""
    lines = "".join(f"{code} {digests[code]}\n" for code in sorted(digests))
    return digest_of(lines.encode())
