"""A complete state of the taxonomy, immutable and indexed.

Everything that reads a version takes one of these. Indexes are built once, in one pass; lookups are dictionary
accesses. It tolerates content that breaks the rules (dangling relations, cycles): finding that is the task of
:mod:`competency_api.taxonomy.rules`, and a draft must be readable while it is broken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType

from competency_api.taxonomy.canonical import canonical_json, concept_digest, version_digest
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.kinds import RELATIONS


class DuplicateCodeError(ValueError):
    """Two concepts of one state carry the same code."""


def _frozen(index: Mapping[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({key: tuple(values) for key, values in index.items()})


class Taxonomy:
    """Concepts by code, sorted by code. Equal when their concepts are equal.

    ``digests`` may be given when they are already known (the loader has them from the database); they are trusted.
    """

    __slots__ = ("__dict__", "_concepts", "_given_digests")

    def __init__(self, concepts: Iterable[Concept], digests: Mapping[str, str] | None = None) -> None:
        by_code: dict[str, Concept] = {}
        for concept in sorted(concepts, key=lambda c: c.code):
            if concept.code in by_code:
                raise DuplicateCodeError(f"two concepts carry the code {concept.code}")
            by_code[concept.code] = concept
        self._concepts: Mapping[str, Concept] = MappingProxyType(by_code)
        self._given_digests = digests

    # -- one concept -----------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._concepts)

    def __iter__(self) -> Iterator[Concept]:
        return iter(self._concepts.values())

    def __contains__(self, code: object) -> bool:
        return code in self._concepts

    def __getitem__(self, code: str) -> Concept:
        return self._concepts[code]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Taxonomy) and self._concepts == other._concepts

    __hash__ = None  # type: ignore[assignment]  # equal by content, and content is not hashable: use `digest` as key

    @property
    def concepts(self) -> Mapping[str, Concept]:
        return self._concepts

    def get(self, code: str) -> Concept | None:
        return self._concepts.get(code)

    # -- indexes, each built on first use --------------------------------------------------------------------------

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """SHA-256 of every concept's canonical JSON, by code."""
        if self._given_digests is not None:
            return MappingProxyType(dict(self._given_digests))
        return MappingProxyType({code: concept_digest(c) for code, c in self._concepts.items()})

    @cached_property
    def digest(self) -> str:
        return version_digest(self.digests)

    @cached_property
    def kinds(self) -> Mapping[str, tuple[str, ...]]:
        """Codes by kind, sorted."""
        index: dict[str, list[str]] = defaultdict(list)
        for concept in self:
            index[concept.kind].append(concept.code)
        return _frozen(index)

    @cached_property
    def _incoming(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        index: dict[str, dict[str, list[str]]] = {name: defaultdict(list) for name in RELATIONS}
        for concept in self:
            for name, links in concept.relations.items():
                for link in links:
                    index.setdefault(name, defaultdict(list))[link.code].append(concept.code)
        return MappingProxyType({name: _frozen(by_target) for name, by_target in index.items()})

    @cached_property
    def by_former_code(self) -> Mapping[str, tuple[str, ...]]:
        """Codes of today by the codes they had before."""
        index: dict[str, list[str]] = defaultdict(list)
        for concept in self:
            for former in concept.former_codes:
                index[former].append(concept.code)
        return _frozen(index)

    @cached_property
    def by_alignment(self) -> Mapping[str, tuple[str, ...]]:
        """Codes by the URI of a concept of another scheme that they are aligned with."""
        index: dict[str, list[str]] = defaultdict(list)
        for concept in self:
            for uri in dict.fromkeys(alignment.uri for alignment in concept.alignments):
                index[uri].append(concept.code)
        return _frozen(index)

    @cached_property
    def by_uuid(self) -> Mapping[str, str]:
        return MappingProxyType({concept.uuid: concept.code for concept in self})

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Every language in which some concept has a preferred label, sorted by tag."""
        return tuple(sorted({tag for concept in self for tag in concept.labels}))

    @cached_property
    def content_bytes(self) -> int:
        """Length of the canonical JSON of all concepts."""
        return sum(len(canonical_json(concept)) for concept in self)

    # -- relations -------------------------------------------------------------------------------------------------

    def incoming(self, code: str, relation: str) -> tuple[str, ...]:
        """Codes of the concepts that point at ``code`` by ``relation``, sorted: its inverse."""
        return self._incoming.get(relation, {}).get(code, ())

    def linked(self, code: str, relation: str) -> tuple[str, ...]:
        """Codes linked to ``code`` by ``relation``; for a symmetric one, in both directions, sorted."""
        concept = self._concepts.get(code)
        outgoing = concept.targets(relation) if concept else ()
        if RELATIONS[relation].symmetric:
            return tuple(sorted({*outgoing, *self.incoming(code, relation)}))
        return outgoing

    def children(self, code: str) -> tuple[str, ...]:
        return self.incoming(code, "broader")

    def roots(self, kind: str) -> tuple[str, ...]:
        """Active concepts of the kind without a broader concept in this state, sorted by code."""
        return tuple(
            code
            for code in self.kinds.get(kind, ())
            if self[code].retirement is None and not any(parent in self for parent in self[code].targets("broader"))
        )

    def below(self, code: str) -> frozenset[str]:
        """Every code below ``code`` by ``broader``, however deep, without itself; ends on cycles."""
        seen: set[str] = set()
        waiting = list(self.children(code))
        while waiting:
            child = waiting.pop()
            if child not in seen:
                seen.add(child)
                waiting.extend(self.children(child))
        return frozenset(seen - {code})
