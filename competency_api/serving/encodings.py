"""Content codings: which one a client gets, and bytes in it. The same bytes always give the same bytes."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

import brotli
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

IDENTITY = "identity"

#: What we can make, the one that we like best first. Levels: made once, served often.
_MAKERS: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType(
    {
        "br": lambda data: brotli.compress(data, quality=9),
        "gzip": lambda data: gzip.compress(data, compresslevel=9, mtime=0),
    }
)
#: Below this the headers cost more than is gained.
SMALLEST = 512
_LONGEST_HEADER = 256


@lru_cache(maxsize=256)
def chosen(accept_encoding: str) -> str:
    """The coding for an Accept-Encoding field (RFC 9110, section 12.5.3); ``identity`` when none of ours is wanted.

    A field that is longer than any browser's is answered with ``identity``, which is never wrong.
    """
    if not accept_encoding or len(accept_encoding) > _LONGEST_HEADER:
        return IDENTITY
    accepted = parse_accept_header(accept_encoding.lower(), Accept)
    return max(_MAKERS, key=accepted.quality) if any(accepted.quality(name) > 0 for name in _MAKERS) else IDENTITY


def encoded(data: bytes, coding: str) -> bytes:
    """The bytes in one of the codings."""
    return data if coding == IDENTITY else _MAKERS[coding](data)


def is_worth_it(content_type: str, size: int) -> bool:
    """Whether compressing helps: texts of some length."""
    kind = content_type.partition(";")[0].strip()
    is_text = kind.startswith("text/") or kind.endswith(("json", "xml", "+yaml", "ndjson", "javascript"))
    return is_text and size >= SMALLEST


def tag_in(tag: str, coding: str) -> str:
    """The strong entity tag of the same answer in a coding: other bytes need another tag (RFC 9110, section 8.8.3)."""
    return tag if coding == IDENTITY else f'{tag[:-1]}--{coding}"'


def plain_tag(tag: str) -> str:
    """The tag of the uncompressed answer, of a tag that a client sent back, weak or not."""
    opaque = tag.strip().removeprefix("W/").strip('"')
    for coding in _MAKERS:
        opaque = opaque.removesuffix(f"--{coding}")
    return f'"{opaque}"'


def is_known(if_none_match: str, tag: str) -> bool:
    """Whether the client has this answer already, in whichever coding (weak comparison, RFC 9110, section 13.1.2)."""
    if if_none_match.strip() == "*":
        return True
    return any(plain_tag(candidate) == tag for candidate in if_none_match.split(","))
