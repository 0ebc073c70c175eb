"""Which concept a provider means: by our code, a former one, our URI, or that of an aligned concept of another scheme.

Certain is what leads to one active concept without a loss. Anything else is asked back with the candidates.
"""

from __future__ import annotations

from typing import Any

import msgspec

from competency_api.core.nearest import hint_of_codes, nearest
from competency_api.core.text import printable
from competency_api.taxonomy.concept import Successor
from competency_api.taxonomy.conversion import Conversion, Outcome, convert
from competency_api.taxonomy.taxonomy import Taxonomy

#: Alignments that stand for the same thing; the others are asked back.
_CERTAIN = ("exact", "close")
_LEVELLED = "competency"


class Named(msgspec.Struct, frozen=True):
    """The concept that was meant, and by what it was named: ``code``, ``former-code``, ``uri`` or ``alignment``.

    ``match`` is that of the alignment, empty otherwise.
    """

    code: str
    by: str
    match: str = ""


class NotNamed(ValueError):
    """It is not certain which concept was meant. ``candidates`` are those that it may be, each with its match."""

    def __init__(self, message: str, candidates: tuple[Successor, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.candidates = candidates


class Concepts:
    """The concepts of one version, as providers name them. What was asked once is known the next time."""

    def __init__(self, taxonomy: Taxonomy, number: str, base_url: str) -> None:
        self.taxonomy = taxonomy
        self.number = number
        self._own = f"{base_url}/id/"
        self.codes: dict[str, str] = {}

    def has_levels(self, code: str) -> bool:
        """Whether a mapping to the concept may have a level: to competencies only."""
        return self.taxonomy[code].kind == _LEVELLED

    def find(self, asked: str) -> Named:
        """The active concept that ``asked`` names. Raises NotNamed."""
        is_own = asked.startswith(self._own)
        named = asked.removeprefix(self._own)
        found = convert(named, self.taxonomy, self.taxonomy)
        if found.outcome is not Outcome.SAME or found.concept is None:
            raise self._not_named(asked, found)
        alignment = found.alignment
        if alignment is not None and alignment.match not in _CERTAIN:
            beginning = f'"{printable(asked)}" is only aligned as {alignment.match}; if you mean it, name'
            raise _asking(beginning, (Successor(code=found.concept, match="not-equivalent"),), self)
        by = "uri" if is_own else "alignment" if alignment else "code" if named == found.concept else "former-code"
        self.codes[asked] = found.concept
        return Named(found.concept, by, alignment.match if alignment else "")

    def label(self, code: str) -> str:
        concept = self.taxonomy.get(code)
        return concept.name if concept else code

    def _not_named(self, asked: str, found: Conversion) -> NotNamed:
        shown = printable(asked)
        if found.concept is not None:
            name = f"{found.concept} ({self.label(found.concept)})"
            message = f"{name} is retired in version {self.number}"
            if not found.candidates:
                return NotNamed(f"{message}, without a successor.")
            return _asking(f"{message}; use", found.candidates, self)
        if found.candidates:
            return _asking(f'"{shown}" stands for several concepts; choose', found.candidates, self)
        if "/" in asked:
            return NotNamed(f'No concept of version {self.number} is aligned with "{shown}".')
        return NotNamed(f'There is no concept "{shown}" in version {self.number}.{self._nearest(asked)}')

    def _nearest(self, asked: str) -> str:
        near = nearest(asked, [concept.name for concept in self.taxonomy], limit=1, cutoff=85)
        if near:
            code = next(concept.code for concept in self.taxonomy if concept.name == near[0])
            return f" Its name is close to that of {code} ({near[0]})."
        return hint_of_codes(asked, self.taxonomy.concepts)


def _asking(beginning: str, candidates: tuple[Successor, ...], concepts: Concepts) -> NotNamed:
    shown = [f"{end.code} ({concepts.label(end.code)}, {end.match})" for end in candidates[:10]]
    return NotNamed(f"{beginning} {' or '.join(shown)}.", candidates)


def candidates_document(candidates: tuple[Successor, ...], taxonomy: Taxonomy) -> list[dict[str, Any]]:
    """Candidates as they are answered."""
    return [{"code": end.code, "match": end.match, "label": taxonomy[end.code].name} for end in candidates]
