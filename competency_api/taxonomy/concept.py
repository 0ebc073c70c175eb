"""What one entry of the taxonomy is.

A :class:`Concept` is an immutable value. Everything that belongs to a published version is in it and goes into
its digest; what depends on the deployment (its URI) or on other concepts (inverse relations, history) is not.

All texts are plain text in Unicode NFC without control characters. Maps by language are keyed by BCP 47 tags.
Build concepts from foreign data through :func:`normalised`, so that equal content is equal to the last byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

REFERENCE_LANGUAGE = "en"

ReviewState = Literal["draft", "reviewed"]
AlignmentMatch = Literal["exact", "close", "broad", "narrow", "related"]
SuccessorMatch = Literal["equivalent", "narrower", "broader", "not-equivalent"]
Combine = Literal["any", "all"]


class Value(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """Base of everything stored inside a concept: immutable, defaults left out of the JSON, unknown fields refused."""


class Labels(Value, frozen=True):
    """The labels of one concept in one language; ``hidden`` ones serve search only (SKOS hiddenLabel)."""

    preferred: str
    alternative: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


class Relation(Value, frozen=True):
    """A link to another concept of the same version; ``level`` 1 to 4 only where the relation carries one."""

    code: str
    level: int | None = None


class Alignment(Value, frozen=True):
    """A link to a concept of another scheme, with a SKOS mapping relation."""

    match: AlignmentMatch
    uri: str
    scheme: str
    label: str = ""
    note: str = ""


class Source(Value, frozen=True):
    """Where content comes from."""

    title: str
    publisher: str = ""
    year: int | None = None
    url: str = ""


class Successor(Value, frozen=True):
    """What to use instead of a retired concept. Only ``equivalent`` lets a mapping move without a person."""

    code: str
    match: SuccessorMatch


class Retirement(Value, frozen=True):
    """Why and since when a concept is no longer used. Days are ISO 8601 dates (``2026-11-23``)."""

    reason: str
    on: str
    transition_until: str = ""
    successors: tuple[Successor, ...] = ()
    combine: Combine = "any"


class Concept(Value, frozen=True):
    """One entry of the taxonomy at one version.

    ``meaning`` counts how often its meaning was changed on purpose: a curator who rewords a definition or a level
    descriptor and changes what it means raises it by one; one who only words it better leaves it. That is how any
    two versions can tell a change of meaning from a change of wording.
    """

    code: str
    uuid: str
    kind: str
    labels: Mapping[str, Labels]
    definition: Mapping[str, str] = {}
    scope_note: Mapping[str, str] = {}
    example: Mapping[str, str] = {}
    translations: Mapping[str, ReviewState] = {}
    relations: Mapping[str, tuple[Relation, ...]] = {}
    alignments: tuple[Alignment, ...] = ()
    attributes: Mapping[str, Any] = {}
    sources: tuple[Source, ...] = ()
    former_codes: tuple[str, ...] = ()
    meaning: int = 1
    retirement: Retirement | None = None

    @property
    def status(self) -> Literal["active", "retired"]:
        return "active" if self.retirement is None else "retired"

    @property
    def name(self) -> str:
        """The reference-language label, else the first by tag, else the code: for messages, never as a translation."""
        labels = self.labels.get(REFERENCE_LANGUAGE) or next((self.labels[tag] for tag in sorted(self.labels)), None)
        return labels.preferred if labels else self.code

    def targets(self, relation: str) -> tuple[str, ...]:
        """Codes that this concept points at by ``relation``."""
        return tuple(link.code for link in self.relations.get(relation, ()))


def _pruned(value: Any) -> Any:
    """An attribute's value without nulls and empty containers: absence is written by absence."""
    if isinstance(value, Mapping):
        return {key: kept for key, inner in value.items() if (kept := _pruned(inner)) is not None} or None
    if isinstance(value, list | tuple):
        return [kept for inner in value if (kept := _pruned(inner)) is not None] or None
    return value


def _unique(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(texts)))


def normalised(concept: Concept) -> Concept:
    """The same content in its one canonical shape: sets sorted, empty maps and lists left out.

    Order carries no meaning in labels, relations and alignments, so it is fixed; the order of sources is the
    editor's and is kept. Texts are left as they are: cleaning belongs to the boundary that reads them.
    """
    return msgspec.structs.replace(
        concept,
        labels={
            tag: Labels(preferred=x.preferred, alternative=_unique(x.alternative), hidden=_unique(x.hidden))
            for tag, x in concept.labels.items()
        },
        relations={
            name: tuple(sorted(links, key=lambda link: (link.code, link.level or 0)))
            for name, links in concept.relations.items()
            if links
        },
        alignments=tuple(sorted(concept.alignments, key=lambda a: (a.scheme, a.uri, a.match, a.label, a.note))),
        attributes=_pruned(concept.attributes) or {},
        former_codes=_unique(concept.former_codes),
    )
