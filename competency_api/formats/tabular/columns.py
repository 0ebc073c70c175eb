"""Which column of a table says what of a concept.

Every column has a name that a person can read and a path into the concept's JSON. ``label@es`` is the Spanish preferred
label, ``levels.2@en`` the English descriptor of level 2, ``expects`` the relation of that name. The names of
attributes and relations come from the table of kinds; what that table does not know (a draft may hold it) has a column
``attribute.NAME`` or ``relation.NAME``, so that a table never loses anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from competency_api.core.languages import find_tag
from competency_api.formats.tabular.cells import Codec, Free, Integer, Pairs, Records, Text, Texts
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE, Alignment, Concept, Retirement, Source
from competency_api.taxonomy.kinds import KINDS, LEVELS, RELATIONS, Shape
from competency_api.taxonomy.pointers import escaped

STATUS = "status"
#: The digest of the content that a row was made of: what an editor of the table has seen. It says nothing itself.
DIGEST = "digest"


@dataclass(frozen=True)
class Column:
    """``path`` leads into the concept's JSON; that of ``status`` and ``digest``, which are derived, is empty."""

    name: str
    path: tuple[str, ...]
    codec: Codec

    @property
    def pointer(self) -> str:
        return "".join(f"/{escaped(token)}" for token in self.path)


_LINKS = Pairs("code", "level", is_number=True)

_FIXED: dict[str, Codec] = {
    "code": Text(),
    "uuid": Text(),
    "kind": Text(),
    "former_codes": Texts(),
    "meaning": Integer(),
    "alignments": Records(Alignment.__struct_fields__),
    "sources": Records(Source.__struct_fields__, numbers=("year",)),
}
_RETIREMENT: dict[str, Codec] = {
    f"retirement.{name}": Pairs("code", "match", is_number=False) if name == "successors" else Text()
    for name in Retirement.__struct_fields__
}
#: By language: the field, what to take of it, and the codec.
_BY_LANGUAGE: dict[str, tuple[tuple[str, ...], Codec]] = {
    "label": (("labels", "preferred"), Text()),
    "alternative": (("labels", "alternative"), Texts()),
    "hidden": (("labels", "hidden"), Texts()),
    "definition": (("definition",), Text()),
    "scope_note": (("scope_note",), Text()),
    "example": (("example",), Text()),
    "translation": (("translations",), Text()),
}
_CODEC_BY_SHAPE: dict[Shape, Codec] = {
    Shape.CHOICE: Text(),
    Shape.CHOICES: Texts(),
    Shape.TERMS: Texts(),
    Shape.REFERENCES: Records(("act", "article", "uri")),
}
_SHAPES: Mapping[str, Shape] = {a.name: a.shape for kind in KINDS.values() for a in kind.attributes}
_LEVELS = {f"{name}.{level}": (name, str(level)) for name in _SHAPES for level in LEVELS if _SHAPES[name] == "levels"}
_TEXTS = tuple(name for name, shape in _SHAPES.items() if shape is Shape.TEXT)
_PLAIN = tuple(name for name, shape in _SHAPES.items() if shape in _CODEC_BY_SHAPE)

#: The parts of names before "@", in the order of the columns.
_ORDER = (
    *("code", "uuid", "kind", STATUS, *_BY_LANGUAGE, *RELATIONS, *_PLAIN, *_TEXTS, *_LEVELS),
    *("alignments", "sources", "former_codes", "meaning", *_RETIREMENT),
)
_WITH_LANGUAGE = (*_BY_LANGUAGE, *_TEXTS, *_LEVELS)
#: What every table has, so that an empty one is a template.
ALWAYS = tuple(
    f"{base}@{REFERENCE_LANGUAGE}" if base in _WITH_LANGUAGE else base for base in _ORDER if base != "translation"
)


def known_names(languages: Iterable[str]) -> Iterator[str]:
    """The names of columns that there can be in these languages: what a misspelt one is compared with."""
    for base in _ORDER:
        yield from (f"{base}@{tag}" for tag in languages) if base in _WITH_LANGUAGE else (base,)


def find_column(name: str) -> Column | None:
    """The column of that name, whatever its language tag; None when no column is called so."""
    base, at, tag = name.partition("@")
    if at:
        return _column_by_language(name, base, tag)
    if name in (STATUS, DIGEST):
        return Column(name, (), Text())
    if name in _RETIREMENT:
        return Column(name, tuple(name.split(".")), _RETIREMENT[name])
    if name in RELATIONS:
        return Column(name, ("relations", name), _LINKS)
    if name in _SHAPES:
        return Column(name, ("attributes", name), Free(_CODEC_BY_SHAPE.get(_SHAPES[name])))
    if name in _FIXED:
        return Column(name, (name,), _FIXED[name])
    return _column_of_unknown(name)


def _column_by_language(name: str, base: str, tag: str) -> Column | None:
    if base in _BY_LANGUAGE:
        (field, *rest), codec = _BY_LANGUAGE[base]
        return Column(name, (field, tag, *rest), codec)
    if base in _TEXTS:
        return Column(name, ("attributes", base, tag), Text())
    return Column(name, ("attributes", *_LEVELS[base], tag), Text()) if base in _LEVELS else None


def _column_of_unknown(name: str) -> Column | None:
    group, _, rest = name.partition(".")
    if group == "relation" and rest:
        return Column(name, ("relations", rest), _LINKS)
    return Column(name, ("attributes", rest), Free()) if group == "attribute" and rest else None


def in_order(names: Iterable[str]) -> list[str]:
    """Names of columns in the order of a table: by what they say, English before the other languages."""

    def rank(name: str) -> tuple[int, bool, str]:
        base, _, tag = name.partition("@")
        return (_ORDER.index(base) if base in _ORDER else len(_ORDER), tag != REFERENCE_LANGUAGE, name)

    return sorted(set(names), key=rank)


def cells_of(concept: Concept) -> dict[str, str]:
    """Everything that a concept says, by name of column; nothing for what it leaves out."""
    content: dict[str, Any] = msgspec.to_builtins(concept)
    cells: dict[str, str] = {STATUS: concept.status}
    cells |= {name: codec.encode(content[name]) for name, codec in _FIXED.items() if name in content}
    for base, ((field, *rest), codec) in _BY_LANGUAGE.items():
        for tag, value in content.get(field, {}).items():
            said = value.get(rest[0]) if rest else value
            cells |= {} if said is None else {f"{base}@{tag}": codec.encode(said)}
    for name, links in content.get("relations", {}).items():
        cells[name if name in RELATIONS else f"relation.{name}"] = _LINKS.encode(links)
    for name, value in content.get("attributes", {}).items():
        cells |= _attribute_cells(name, value)
    for name, value in content.get("retirement", {}).items():
        cells[f"retirement.{name}"] = _RETIREMENT[f"retirement.{name}"].encode(value)
    return cells


def _attribute_cells(name: str, value: Any) -> dict[str, str]:
    shape = _SHAPES.get(name)
    if shape is None:
        return {f"attribute.{name}": Free().encode(value)}
    if shape is Shape.TEXT and _is_by_language(value):
        return {f"{name}@{tag}": Text().encode(text) for tag, text in value.items()}
    if shape is Shape.LEVELS and _is_by_level(name, value):
        levels = ((f"{name}.{level}", texts) for level, texts in value.items())
        return {f"{base}@{tag}": Text().encode(text) for base, texts in levels for tag, text in texts.items()}
    return {name: Free(_CODEC_BY_SHAPE.get(shape)).encode(value)}


def _is_by_language(value: Any) -> bool:
    return isinstance(value, dict) and all(find_tag(t) == t and isinstance(v, str) for t, v in value.items())


def _is_by_level(name: str, value: Any) -> bool:
    return isinstance(value, dict) and all(f"{name}.{k}" in _LEVELS and _is_by_language(v) for k, v in value.items())
