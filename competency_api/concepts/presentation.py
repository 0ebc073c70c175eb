"""A concept as it is answered: its content, what follows from its version (links from others), where it lives.

Built as plain dictionaries and encoded once: the published path has no schema in between. The schemas describe the
result, and a test holds real answers against them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from competency_api.taxonomy.concept import Concept, Retirement, Successor
from competency_api.taxonomy.kinds import INVERSES, KINDS, RELATIONS, Shape
from competency_api.taxonomy.retirement import successors_of
from competency_api.taxonomy.speaking import Speaker
from competency_api.taxonomy.taxonomy import Taxonomy

#: What ``include`` expands: links of each relation, in both directions.
EXPANDABLE = (*RELATIONS, *INVERSES)
_SPOKEN_ATTRIBUTES = frozenset(
    attribute.name
    for kind in KINDS.values()
    for attribute in kind.attributes
    if attribute.shape in (Shape.TEXT, Shape.LEVELS)
)


@dataclass(frozen=True)
class Presenter:
    """Shows concepts of one version. ``number`` names it, ``base_url`` is the deployment's public address."""

    taxonomy: Taxonomy
    number: str
    base_url: str
    speaker: Speaker
    include: frozenset[str] = field(default=frozenset())

    def concept(self, code: str) -> dict[str, Any]:
        """One concept of the version, with the links named by ``include`` expanded by one level."""
        return self._concept(self.taxonomy[code], self.include)

    def _concept(self, concept: Concept, include: frozenset[str]) -> dict[str, Any]:
        say, reviews = self.speaker, concept.translations
        return {
            "code": concept.code,
            "uri": self.uri(concept.code),
            "uuid": concept.uuid,
            "kind": concept.kind,
            "status": concept.status,
            "version": self.number,
            "digest": self.taxonomy.digests[concept.code],
            "labels": say.labels(concept.labels, reviews),
            "definition": say.text(concept.definition, reviews),
            "scope_note": say.text(concept.scope_note, reviews),
            "example": say.text(concept.example, reviews),
            "translations": concept.translations,
            "relations": self._relations(concept, include),
            "inverse": self._inverses(concept, include),
            "alignments": [msgspec.to_builtins(alignment) for alignment in concept.alignments],
            "attributes": {name: self._attribute(name, concept) for name in concept.attributes},
            "sources": [msgspec.to_builtins(source) for source in concept.sources],
            "former_codes": concept.former_codes,
            "meaning": concept.meaning,
            "retirement": self._retirement(concept.code, concept.retirement),
        }

    def uri(self, code: str) -> str:
        """The concept's permanent address, the same in every version."""
        return f"{self.base_url}/id/{code}"

    def reference(self, code: str, level: int | None = None) -> dict[str, Any]:
        """Another concept in one line: code, label, and what belongs to the link."""
        concept = self.taxonomy.get(code)
        entry: dict[str, Any] = {"code": code}
        if concept is not None:
            entry["label"] = self.speaker.label(concept.labels, concept.translations)
        return entry if level is None else {**entry, "level": level}

    def _linked(self, code: str, level: int | None, expand: bool) -> dict[str, Any]:
        entry = self.reference(code, level)
        if expand and code in self.taxonomy:
            entry |= self._concept(self.taxonomy[code], frozenset())
        return entry

    def _relations(self, concept: Concept, include: frozenset[str]) -> dict[str, Any]:
        """Links that start here; symmetric ones from both ends, since neither comes first."""
        found: dict[str, Any] = {}
        for name, relation in RELATIONS.items():
            levels = {link.code: link.level for link in concept.relations.get(name, ())}
            codes = self.taxonomy.linked(concept.code, name) if relation.symmetric else tuple(levels)
            if codes:
                found[name] = [self._linked(code, levels.get(code), name in include) for code in codes]
        return found

    def _inverses(self, concept: Concept, include: frozenset[str]) -> dict[str, Any]:
        """Links that end here, under the name that the relation has from this side."""
        found: dict[str, Any] = {}
        for name, relation in INVERSES.items():
            codes = self.taxonomy.incoming(concept.code, relation.name)
            if codes:
                levels = {code: self._level(code, relation.name, concept.code) for code in codes}
                found[name] = [self._linked(code, levels[code], name in include) for code in codes]
        return found

    def _level(self, source: str, relation: str, target: str) -> int | None:
        links = self.taxonomy[source].relations.get(relation, ())
        return next((link.level for link in links if link.code == target), None)

    def _attribute(self, name: str, concept: Concept) -> Any:
        value = concept.attributes[name]
        if name not in _SPOKEN_ATTRIBUTES:
            return value
        if name == "levels":
            return {level: self.speaker.text(texts, concept.translations) for level, texts in value.items()}
        return self.speaker.text(value, concept.translations)

    def _retirement(self, code: str, retirement: Retirement | None) -> dict[str, Any] | None:
        """As it was decided, and in ``use`` the active concepts that the chain of successors leads to."""
        if retirement is None:
            return None
        return {
            "reason": retirement.reason,
            "on": retirement.on,
            "transition_until": retirement.transition_until or None,
            "combine": retirement.combine,
            "successors": list(self.successors(retirement.successors)),
            "use": list(self.successors(successors_of(self.taxonomy, code))),
        }

    def successors(self, successors: Iterable[Successor]) -> Iterable[dict[str, Any]]:
        return ({**self.reference(end.code), "match": end.match} for end in successors)
