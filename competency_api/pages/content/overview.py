"""Disciplines by kind: what the competencies of a discipline have to do with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from competency_api.concepts.filters import label_key
from competency_api.concepts.presentation import Presenter
from competency_api.pages.links import Links
from competency_api.pages.pictures import grid
from competency_api.pages.prose.speech import Voice, plain
from competency_api.taxonomy.kinds import KINDS, RELATIONS
from competency_api.taxonomy.taxonomy import Taxonomy

#: Columns: every kind but that of the rows.
COLUMNS = tuple(name for name in KINDS if name != "discipline")
#: By discipline and kind: concepts, each with what it is reached through.
Cells = dict[tuple[str, str], dict[str, set[str]]]


def cells_of(taxonomy: Taxonomy) -> Cells:
    """Active concepts by discipline and kind.

    A competency is in the cells of the disciplines that it is part of, any other concept in those of the competencies
    (or of the discipline itself) that it is linked with, in whichever direction.
    """
    found: Cells = defaultdict(lambda: defaultdict(set))
    for discipline in _active_of(taxonomy, "discipline"):
        members = [code for code in taxonomy.incoming(discipline, "part_of") if taxonomy[code].retirement is None]
        for code in members:
            found[discipline, "competency"][code].add(discipline)
        for through in (discipline, *members):
            for other in _linked(taxonomy, through):
                kind = taxonomy[other].kind
                if kind not in ("discipline", "competency"):
                    found[discipline, kind][other].add(through)
    return found


def _active_of(taxonomy: Taxonomy, kind: str) -> Iterator[str]:
    return (code for code in taxonomy.kinds.get(kind, ()) if taxonomy[code].retirement is None)


def _linked(taxonomy: Taxonomy, code: str) -> set[str]:
    found = {other for name in RELATIONS for other in (*taxonomy.linked(code, name), *taxonomy.incoming(code, name))}
    return {other for other in found if other in taxonomy and taxonomy[other].retirement is None}


def columns_of(taxonomy: Taxonomy, cells: Cells) -> list[str]:
    """The kinds that anything is in."""
    return [kind for kind in COLUMNS if any((code, kind) in cells for code in taxonomy.kinds.get("discipline", ()))]


def rows_of(
    presenter: Presenter, voice: Voice, links: Links, cells: Cells, chosen: tuple[str, str] | None = None
) -> list[grid.Row]:
    """The active disciplines by label, with a cell for each kind."""
    taxonomy, texts = presenter.taxonomy, voice.texts
    kinds = columns_of(taxonomy, cells)

    def cell(code: str, label: str, kind: str) -> grid.Cell:
        count = len(cells.get((code, kind), ()))
        said = texts("map.cell", count=count, kind=texts.word("kinds", kind), discipline=label)
        address = f"{links.map(discipline=code, kind=kind)}#cell"
        return grid.Cell(count, said, address, is_chosen=chosen == (code, kind))

    rows = []
    for concept in sorted((taxonomy[code] for code in _active_of(taxonomy, "discipline")), key=label_key(voice)):
        code, label = concept.code, plain(presenter.reference(concept.code).get("label"), concept.code)
        rows.append(grid.Row(label, links.concept(code), tuple(cell(code, label, kind) for kind in kinds)))
    return rows


def overview(presenter: Presenter, voice: Voice, links: Links, chosen: tuple[str, str] | None) -> dict[str, Any]:
    """The picture, and what is in the cell that was chosen."""
    taxonomy, texts = presenter.taxonomy, voice.texts
    cells = cells_of(taxonomy)
    kinds, rows = columns_of(taxonomy, cells), rows_of(presenter, voice, links, cells, chosen)
    heads = [texts.word("kinds", kind) for kind in kinds]
    title, about = texts("map.title"), texts("map.about_picture")
    pictures = [grid.drawn(heads, rows, title=title, description=about, form=form) for form in (grid.WIDE, grid.NARROW)]
    return {
        "picture": Markup("").join(pictures),
        "kinds": kinds,
        "table": [(row.label, row.address, row.cells) for row in rows],
        "chosen": _chosen(presenter, voice, cells, chosen) if chosen else None,
    }


def ornament(presenter: Presenter, voice: Voice, links: Links) -> Markup:
    """The same as an ornament."""
    return grid.small(rows_of(presenter, voice, links, cells_of(presenter.taxonomy)))


def _chosen(presenter: Presenter, voice: Voice, cells: Cells, chosen: tuple[str, str]) -> dict[str, Any]:
    taxonomy, (discipline, kind) = presenter.taxonomy, chosen
    found = cells.get(chosen, {})
    entries = [
        {
            **presenter.reference(concept.code),
            "through": [presenter.reference(code) for code in sorted(found[concept.code] - {discipline})],
        }
        for concept in sorted((taxonomy[code] for code in found), key=label_key(voice))
    ]
    return {"discipline": presenter.reference(discipline), "kind": kind, "entries": entries}
