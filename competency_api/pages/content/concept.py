"""Everything that the page of a concept shows, from how the API presents it and what is known of its history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from competency_api.concepts.presentation import Presenter
from competency_api.pages.links import Links
from competency_api.pages.pictures import graph, levels
from competency_api.pages.prose.speech import plain
from competency_api.pages.texts import Texts
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.kinds import INVERSES, KINDS, LEVEL_EQF, LEVELS, Shape
from competency_api.taxonomy.taxonomy import Taxonomy

Entries = list[dict[str, Any]]
#: Relations by where their other ends are drawn; all others lead away or come here, by their direction.
_ABOVE, _BELOW = "broader", "narrower"
#: In this order, for who wants to know what the concept is before what is made of it.
_ORDER = (
    *("broader", "narrower", "part_of", "competencies", "expects", "requires", "addresses"),
    *("expected_by", "required_by", "addressed_by", "related"),
)


def links_of(document: dict[str, Any]) -> dict[str, Entries]:
    """The concept's links by relation, from its own side and from others', in reading order."""
    found = {**document["relations"], **document["inverse"]}
    known = [name for name in _ORDER if name in found]
    return {name: found[name] for name in [*known, *(name for name in found if name not in _ORDER)]}


def by_kind(taxonomy: Taxonomy, entries: Entries) -> dict[str, Entries]:
    """Long lists are read by kind."""
    found: dict[str, Entries] = defaultdict(list)
    for entry in entries:
        found[taxonomy[entry["code"]].kind].append(entry)
    return {kind: found[kind] for kind in KINDS if kind in found}


# -- the picture -------------------------------------------------------------------------------------------------------


def neighbourhood(document: dict[str, Any], texts: Texts, links: Links) -> graph.Neighbourhood:
    """The concept among its neighbours; a profile's expectations have a picture of their own."""
    own = graph.Node(document["code"], plain(document["labels"]["preferred"], document["code"]), "")
    sides: dict[str, list[graph.Group]] = defaultdict(list)
    for name, entries in links_of(document).items():
        if name == "expects":
            continue
        sides[_side_of(name)].append(_group(texts.word("relation", name), entries, texts, links))
    return graph.Neighbourhood(own, **{side: tuple(groups) for side, groups in sides.items()})


def _side_of(relation: str) -> str:
    if relation in (_ABOVE, _BELOW):
        return "above" if relation == _ABOVE else "below"
    return "left" if relation in INVERSES else "right"


def _group(name: str, entries: Entries, texts: Texts, links: Links) -> graph.Group:
    shown = entries[: graph.MOST] if len(entries) > graph.MOST + 1 else entries
    nodes = tuple(
        graph.Node(entry["code"], plain(entry.get("label"), entry["code"]), links.concept(entry["code"]))
        for entry in shown
    )
    rest = len(entries) - len(shown)
    return graph.Group(name, nodes, texts("concept.and_more", number=rest) if rest else "")


# -- attributes --------------------------------------------------------------------------------------------------------


def attributes_of(document: dict[str, Any], texts: Texts) -> list[dict[str, Any]]:
    """Name, shape and values in words, without level descriptors, which have a table of their own."""
    found = []
    for attribute in KINDS[document["kind"]].attributes:
        value = document["attributes"].get(attribute.name)
        if value is not None and attribute.shape is not Shape.LEVELS:
            found.append(
                {
                    "name": texts.word("attribute", attribute.name),
                    "shape": attribute.shape.value,
                    "value": _worded(value, attribute.shape, attribute.name, texts),
                }
            )
    return found


def _worded(value: Any, shape: Shape, name: str, texts: Texts) -> Any:
    if shape is Shape.CHOICE:
        return texts.word(f"value.{name}", value)
    if shape is Shape.CHOICES:
        return ", ".join(texts.word(f"value.{name}", entry) for entry in value)
    return ", ".join(entry.replace("-", " ") for entry in value) if shape is Shape.TERMS else value


def levels_of(document: dict[str, Any], texts: Texts) -> list[dict[str, Any]]:
    """The four levels with their descriptors; none for a concept without."""
    described = document["attributes"].get("levels") or {}
    return [
        {
            "level": level,
            "name": texts(f"level.{level}"),
            "eqf": "–".join(map(str, LEVEL_EQF[level])),
            "meter": levels.meter(level),
            "text": described.get(str(level)),
        }
        for level in LEVELS
        if described
    ]


# -- profiles ----------------------------------------------------------------------------------------------------------


def expectations(presenter: Presenter, document: dict[str, Any], texts: Texts) -> list[dict[str, Any]]:
    """What a profile expects, by discipline: ``entries`` highest level first. None for other kinds."""
    taxonomy = presenter.taxonomy
    found: dict[str, Entries] = defaultdict(list)
    for entry in document["relations"].get("expects", ()):
        shown = {**entry, "meter": levels.meter(entry["level"]), "level_name": texts(f"level.{entry['level']}")}
        for discipline in taxonomy[entry["code"]].targets("part_of")[:1] or ("",):
            found[discipline].append(shown)
    groups = [
        {**presenter.reference(code), "entries": sorted(entries, key=lambda e: (-e["level"], e["code"]))}
        for code, entries in sorted(found.items())
    ]
    return sorted(groups, key=lambda group: (-len(group["entries"]), group["code"]))


def levels_picture(groups: list[dict[str, Any]], texts: Texts, links: Links) -> Markup:
    """The same as dots by level, once for wide screens and once for narrow ones."""
    rows = []
    for group in groups:
        dots: dict[int, list[levels.Dot]] = defaultdict(list)
        for entry in group["entries"]:
            label = f"{plain(entry.get('label'), entry['code'])}: {entry['level']} {entry['level_name']}"
            dots[entry["level"]].append(levels.Dot(label, links.concept(entry["code"])))
        shown = {level: tuple(found) for level, found in dots.items()}
        rows.append(levels.Row(plain(group.get("label"), group["code"]), links.concept(group["code"]), shown))
    names = {level: texts(f"level.{level}") for level in LEVELS}
    title, about = texts("profile.picture"), texts("profile.about_picture")
    forms = (levels.WIDE, levels.NARROW) if rows else ()
    drawn = [levels.drawn(rows, names=names, title=title, description=about, form=form) for form in forms]
    return Markup("").join(drawn)


# -- languages and place -----------------------------------------------------------------------------------------------


def languages_of(concept: Concept, order: Iterable[str]) -> list[dict[str, Any]]:
    """What the concept is called and how it is defined in every language, those of ``order`` first."""
    known = [tag for tag in order if tag in concept.labels]
    tags = [*known, *(tag for tag in sorted(concept.labels) if tag not in known)]
    return [
        {
            "tag": tag,
            "label": concept.labels[tag].preferred,
            "alternative": concept.labels[tag].alternative,
            "definition": concept.definition.get(tag, ""),
            "review": "original" if tag == "en" else concept.translations.get(tag, "draft"),
        }
        for tag in tags
    ]


def trail(presenter: Presenter, code: str) -> Entries:
    """The way down to the concept: one broader concept above the other, the first where there are several."""
    taxonomy, above = presenter.taxonomy, []
    parents = taxonomy[code].targets(_ABOVE)
    while parents and parents[0] in taxonomy and parents[0] not in above and parents[0] != code:
        above.append(parents[0])
        parents = taxonomy[parents[0]].targets(_ABOVE)
    return [presenter.reference(parent) for parent in reversed(above)]
