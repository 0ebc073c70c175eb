"""Ways into a version: its kinds, its disciplines, the tree of a kind, a kind from A to Z."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from competency_api.concepts.filters import label_key
from competency_api.concepts.presentation import Presenter
from competency_api.concepts.tree import grown
from competency_api.pages.links import Links
from competency_api.pages.prose.speech import Voice
from competency_api.pages.texts import Texts
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.kinds import KINDS
from competency_api.taxonomy.taxonomy import Taxonomy

TREE, DISCIPLINE, ALPHABET, RETIRED = "tree", "discipline", "a-z", "retired"
#: Concepts of a kind up to which its tree is shown whole; above, its first two levels.
WHOLE_TREE = 500
#: Entries of a page of a long list.
A_PAGE = 200


@dataclass(frozen=True)
class Tile:
    """A kind with the number of its active concepts."""

    name: str
    label: str
    meaning: str
    count: int
    address: str


def tiles(taxonomy: Taxonomy, texts: Texts, links: Links) -> list[Tile]:
    """The kinds that have active concepts, in the order of the table of kinds."""
    counted = [(name, len(_active(taxonomy, name))) for name in KINDS]
    return [
        Tile(name, texts.word("kinds", name), texts.word("meaning", name), count, links.kind(name))
        for name, count in counted
        if count
    ]


def _active(taxonomy: Taxonomy, kind: str) -> list[Concept]:
    return [taxonomy[code] for code in taxonomy.kinds.get(kind, ()) if taxonomy[code].retirement is None]


def disciplines(presenter: Presenter, voice: Voice) -> list[dict[str, Any]]:
    """The active disciplines by label, each with the number of active competencies that are part of it."""
    taxonomy = presenter.taxonomy
    found = sorted(_active(taxonomy, "discipline"), key=label_key(voice))
    return [
        {
            **presenter.reference(concept.code),
            "domain": concept.attributes.get("domain", ""),
            "count": sum(taxonomy[code].retirement is None for code in taxonomy.incoming(concept.code, "part_of")),
        }
        for concept in found
    ]


def views_of(taxonomy: Taxonomy, kind: str) -> tuple[str, ...]:
    """How a kind can be looked at; the first is how it is shown at first. What would be endless on one page is not."""
    active = len(_active(taxonomy, kind))
    by_discipline = (DISCIPLINE,) if kind == "competency" and active <= WHOLE_TREE else ()
    tree = (TREE,) if len(taxonomy.roots(kind)) <= WHOLE_TREE else ()
    retired = (RETIRED,) if active < len(taxonomy.kinds.get(kind, ())) else ()
    return (*by_discipline, *tree, ALPHABET, *retired)


def kind_page(presenter: Presenter, voice: Voice, kind: str, view: str, page: int) -> dict[str, Any]:
    """The active concepts of a kind in one of its views, and how many are retired."""
    taxonomy = presenter.taxonomy
    active = _active(taxonomy, kind)
    retired = [taxonomy[code] for code in taxonomy.kinds.get(kind, ()) if taxonomy[code].retirement is not None]
    shown = {TREE: _tree, DISCIPLINE: _by_discipline, ALPHABET: _alphabet, RETIRED: _alphabet}[view]
    entries = shown(presenter, voice, retired if view == RETIRED else active, page)
    return {"total": len(active), "retired": len(retired), **entries}


def _tree(presenter: Presenter, _voice: Voice, active: list[Concept], _page: int) -> dict[str, Any]:
    kind = active[0].kind if active else ""
    depth = None if len(active) <= WHOLE_TREE else 2
    return {"nodes": grown(presenter.taxonomy, presenter.taxonomy.roots(kind), presenter.reference, depth)}


def _by_discipline(presenter: Presenter, voice: Voice, active: list[Concept], _page: int) -> dict[str, Any]:
    taxonomy = presenter.taxonomy
    codes = {code: [c for c in active if code in c.targets("part_of")] for code in taxonomy.kinds.get("discipline", ())}
    named = sorted((taxonomy[code] for code, members in codes.items() if members), key=label_key(voice))
    groups = [
        {
            **presenter.reference(d.code),
            "entries": [_entry(presenter, c) for c in sorted(codes[d.code], key=label_key(voice))],
        }
        for d in named
    ]
    return {"groups": groups}


def _alphabet(presenter: Presenter, voice: Voice, active: list[Concept], page: int) -> dict[str, Any]:
    ordered = sorted(active, key=label_key(voice))
    start = (page - 1) * A_PAGE
    pages = max(1, -(-len(ordered) // A_PAGE))
    return {"entries": [_entry(presenter, c) for c in ordered[start : start + A_PAGE]], "page": page, "pages": pages}


def _entry(presenter: Presenter, concept: Concept) -> dict[str, Any]:
    definition = presenter.speaker.text(concept.definition, concept.translations)
    return {**presenter.reference(concept.code), "definition": definition}
