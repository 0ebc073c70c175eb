"""Cursors that belong to one list.

A cursor of :mod:`competency_api.core.http` alone is a place in an order, and would be taken by any list of that order.
Here it also names the exact versions that the list is of, and holds a short digest of what else makes the list: the
operation, the question, the filters, the order, the languages. So a cursor of ``latest`` goes on in the version in
which it began, also when a newer one is published between two pages, and a cursor of another list is refused.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import msgspec

from competency_api.catalogue.addressing import can_mean
from competency_api.catalogue.serving import Publications
from competency_api.core.errors import FieldError, InvalidInput, NotFound
from competency_api.core.http import Page, offset_in, page_at, page_of
from competency_api.core.http.pages import Item, Key
from competency_api.taxonomy.rules import Finding
from competency_api.versions.values import VersionInfo

_CURSOR = re.compile(r"((?:[0-9.]{5,20}~)*)([0-9a-f]{10})~([A-Za-z0-9_-]+)")


@dataclass(frozen=True)
class ListOf:
    """What makes a list: the operation, the exact versions, and everything asked that chooses or orders its entries."""

    operation: str
    numbers: tuple[str, ...]
    asked: Mapping[str, Any]

    def page(
        self, items: Sequence[Item], key: Callable[[Item], Key], query: Mapping[str, Any], *, descending: bool = False
    ) -> Page[Item]:
        """The page that ``limit`` and ``cursor`` of the query ask for, of items that are sorted by ``key``.

        Raises InvalidInput for a cursor of another list.
        """
        place = self._place(query["cursor"]) if "cursor" in query else None
        return self._bound(page_of(items, key, limit=query["limit"], cursor=place, descending=descending))

    def offset(self, query: Mapping[str, Any]) -> int:
        """How many entries are before the page, in a list whose entries have no key: hits.

        Raises InvalidInput for a cursor of another list.
        """
        return offset_in(self._place(query["cursor"])) if "cursor" in query else 0

    def page_at(self, offset: int, items: Sequence[Item], total: int) -> Page[Item]:
        """The page of such a list that begins behind ``offset`` entries, of ``total``."""
        return self._bound(page_at(offset, items, total))

    def _bound(self, page: Page[Item]) -> Page[Item]:
        if page.next is None:
            return page
        return dataclasses.replace(page, next="~".join((*self.numbers, self._digest, page.next)))

    def _place(self, cursor: str) -> str:
        numbers, digest, place = _parts(cursor)
        if (numbers, digest) != (self.numbers, self._digest):
            _refuse(
                "It is of another list: each page needs the same path, question, filters, `sort` and languages as the "
                "first one. Ask as for the first page, or leave the cursor out."
            )
        return place

    @property
    def _digest(self) -> str:
        made_of = (self.operation, self.numbers, self.asked)
        return hashlib.sha256(msgspec.json.encode(made_of, order="sorted")).hexdigest()[:10]


def _parts(cursor: str) -> tuple[tuple[str, ...], str, str]:
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        _refuse("It is not a cursor of this list; use `next` of the page before, or leave it out.")
    return tuple(match[1].split("~")[:-1]), match[2], match[3]


_FINDING_FILTERS = ("rule", "severity", "code")


def filters_of(query: Mapping[str, Any]) -> dict[str, Any]:
    """Of a query of ``QualityQuerySchema`` what chooses findings."""
    return {name: query[name] for name in _FINDING_FILTERS if name in query}


def findings_page(list_of: ListOf, findings: Sequence[Finding], query: Mapping[str, Any]) -> Page[tuple[int, Finding]]:
    """The page of findings, numbered, that such a query asks for."""
    chosen = [f for f in findings if all(getattr(f, name) == value for name, value in filters_of(query).items())]
    return list_of.page(list(enumerate(chosen)), lambda pair: pair[0], query)


def versions_of(publications: Publications, references: Sequence[str], cursor: str | None) -> list[VersionInfo]:
    """The versions that a page is of: those that the cursor names, on the first page those that the references name.

    Raises NotFound for a reference to nothing, and InvalidInput for a cursor of versions that these cannot have named.
    """
    named = [publications.resolve(reference) for reference in references]
    if cursor is None:
        return named
    numbers, _, _ = _parts(cursor)
    try:
        begun = [publications.resolve(number) for number in numbers]
    except NotFound:
        begun = []
    if len(begun) != len(references) or not all(map(can_mean, references, begun)):
        _refuse(
            f"It is of another list, of {' and '.join(numbers) or 'no'} version; this one is of "
            f"{' and '.join(str(version.number) for version in named) or 'all'}. Leave the cursor out."
        )
    return begun


def _refuse(message: str) -> NoReturn:
    raise InvalidInput(FieldError(message, parameter="cursor"))
