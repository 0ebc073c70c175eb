"""Pages of long lists by cursor.

A cursor is the sort key of the last entry that was seen, in base64url JSON: opaque to clients, the same on every
worker, and right even when entries come and go between two pages. ``Link: …; rel="next"`` (RFC 8288) holds the
address of the next page, ``next`` in the body the cursor alone. Where an order has no key, as that of hits, the cursor
holds the number of entries before the page; such lists are of exact versions and never change.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

import marshmallow as ma
from flask import request

from competency_api.core.errors import FieldError, InvalidInput
from competency_api.core.http.fields import Integer, SafeString
from competency_api.core.http.schemas import QuerySchema, ResponseSchema

ALL = "all"
DEFAULT_LIMIT = 50
LARGEST_LIMIT = 500

Item = TypeVar("Item")
#: A text, a whole number, or a tuple of them: what a list is sorted by, ending in something unique.
Key = Any


class Limit(Integer):
    """Entries a page, or ``all``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if value == ALL:
            return ALL
        return super()._deserialize(value, attr, data, **kwargs)

    def _validate(self, value: Any) -> None:
        if value != ALL:
            super()._validate(value)


_LIMIT = {"description": f"Entries a page, 1 to {LARGEST_LIMIT}."}
_CURSOR = {"description": "`next` of the page before; leave it out for the first page."}


class PageQuerySchema(QuerySchema):
    """``limit`` and ``cursor``: for lists that live in the database."""

    limit = Integer(least=1, most=LARGEST_LIMIT, load_default=DEFAULT_LIMIT, metadata=_LIMIT)
    cursor = SafeString(least=1, most=1000, metadata=_CURSOR)


class WholePageQuerySchema(PageQuerySchema):
    """The same with ``limit=all``: for lists of published versions, which are in memory."""

    limit = Limit(
        least=1,
        most=LARGEST_LIMIT,
        beside=f', or "{ALL}"',
        load_default=DEFAULT_LIMIT,
        metadata={"description": f"Entries a page, 1 to {LARGEST_LIMIT}, or `all`."},
    )


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Entries of one page; ``next`` is the cursor of the one behind it, ``total`` None where counting costs."""

    items: Sequence[Item]
    next: str | None
    total: int | None = None

    def link(self) -> dict[str, str]:
        """The ``Link`` field of the answer to the present request; empty on the last page."""
        return self.link_from(request.path, request.args.items(multi=True))

    def link_from(self, path: str, asked: Iterable[tuple[str, str]]) -> dict[str, str]:
        """The same of the answer to what was ``asked`` of ``path``."""
        if self.next is None:
            return {}
        query = [(name, value) for name, value in asked if name != "cursor"]
        return {"Link": f'<{path}?{urlencode([*query, ("cursor", self.next)])}>; rel="next"'}

    def body(self, dump: Callable[[Item], Any] = lambda item: item) -> dict[str, Any]:
        total = {} if self.total is None else {"total": self.total}
        return {"items": [dump(item) for item in self.items], "next": self.next, **total}


def page_schema(item: type[ma.Schema]) -> type[ResponseSchema]:
    """The schema of a page of ``item``, named after it: ``ConceptSchema`` → ``ConceptPageSchema``."""
    members = {
        "items": ma.fields.List(ma.fields.Nested(item), required=True),
        "next": ma.fields.String(required=True, allow_none=True, metadata={"description": "cursor of the next page"}),
        "total": ma.fields.Integer(metadata={"description": "number of entries on all pages"}),
    }
    return type(f"{item.__name__.removesuffix('Schema')}PageSchema", (ResponseSchema,), members)


def encode_cursor(key: Key) -> str:
    packed = json.dumps(key, separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode_cursor(cursor: str, like: Key) -> Key:
    """The key in a cursor, which has the shape of ``like``: ``("", 0)`` for a text and a number.

    Raises InvalidInput for anything that :func:`encode_cursor` did not make.
    """
    try:
        packed = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        key = _as_key(json.loads(packed))
        if not _same_shape(key, like) or encode_cursor(key) != cursor:
            raise ValueError
    except (ValueError, UnicodeError, binascii.Error, RecursionError):
        raise _no_cursor() from None
    return key


def _as_key(value: Any) -> Key:
    """Lists as the tuples that they were, keys inside keys too."""
    return tuple(_as_key(each) for each in value) if isinstance(value, list) else value


def _no_cursor() -> InvalidInput:
    message = "It is not a cursor of this list; use `next` of the page before, or leave it out."
    return InvalidInput(FieldError(message, parameter="cursor"))


def _same_shape(key: Key, like: Key) -> bool:
    if isinstance(like, tuple):
        return isinstance(key, tuple) and len(key) == len(like) and all(map(_same_shape, key, like))
    # the bound is that of integers in both databases
    return type(key) is type(like) and (not isinstance(key, int) or abs(key) < 2**63)


def page_of(
    items: Sequence[Item],
    key: Callable[[Item], Key],
    *,
    limit: int | str,
    cursor: str | None = None,
    descending: bool = False,
) -> Page[Item]:
    """The page of a list in memory that is sorted by ``key``, whose keys are unique and of one shape."""
    start = 0
    if cursor is not None:
        seen = decode_cursor(cursor, key(items[0]) if items else "")
        start = _first_after(items, key, seen, descending)
    end = len(items) if limit == ALL else start + int(limit)
    shown = items[start:end]
    return Page(shown, encode_cursor(key(shown[-1])) if shown and end < len(items) else None, len(items))


def seen_in(cursor: str | None, like: Key) -> Key | None:
    """The key behind which the present request's page of a list in the database begins; None for the first page.

    Raises InvalidInput, also for a cursor of another list or of other filters.
    """
    if cursor is None:
        return None
    digest, key = decode_cursor(cursor, ("", like))
    if digest != _list_digest():
        raise _no_cursor()
    return key


def page_behind(rows: Sequence[Item], key: Callable[[Item], Key], limit: int) -> Page[Item]:
    """The page of a list in the database, of which one row more than ``limit`` was read, if there was one.

    Its cursor is for :func:`seen_in`.
    """
    return page_from(rows, lambda row: (_list_digest(), key(row)), limit)


def page_from(rows: Sequence[Item], key: Callable[[Item], Key], limit: int) -> Page[Item]:
    """The same with a cursor that is a place alone, and so good with any filters: for feeds, by ``decode_cursor``."""
    shown = rows[:limit]
    return Page(shown, encode_cursor(key(shown[-1])) if len(rows) > limit else None)


def _list_digest() -> str:
    """The same for all pages of one list: the operation and what was asked of it."""
    asked = sorted(item for item in request.args.items(multi=True) if item[0] not in ("cursor", "limit"))
    return hashlib.sha256(json.dumps([request.path, asked]).encode()).hexdigest()[:8]


def _first_after(items: Sequence[Item], key: Callable[[Item], Key], seen: Key, descending: bool) -> int:
    low, high = 0, len(items)
    while low < high:
        middle = (low + high) // 2
        found = key(items[middle])
        is_behind = found < seen if descending else found > seen
        low, high = (low, middle) if is_behind else (middle + 1, high)
    return low


def offset_in(cursor: str | None) -> int:
    """How many entries are before the page, in a list that never changes and whose entries have no sort key: hits.

    Raises InvalidInput.
    """
    offset = 0 if cursor is None else decode_cursor(cursor, 0)
    if cursor is not None and offset < 1:
        raise _no_cursor()
    return int(offset)


def page_at(offset: int, items: Sequence[Item], total: int) -> Page[Item]:
    """The page of such a list that begins behind ``offset`` entries, of ``total``."""
    end = offset + len(items)
    return Page(items, encode_cursor(end) if items and end < total else None, total)
