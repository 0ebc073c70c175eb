"""From what a file says of a concept to a :class:`Concept`, the same for every format.

Checked here is what makes the content readable: texts, names of fields, types, code and kind, language tags. What the
content means (dangling relations, missing English, attributes of another kind) is for the rules of the taxonomy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from competency_api.core.languages import find_tag
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.formats.document import Entry, Locate, Problems
from competency_api.formats.reading.shapes import Fault, faults_of
from competency_api.formats.reading.texts import cleaned_all
from competency_api.taxonomy.concept import Concept, normalised
from competency_api.taxonomy.kinds import KIND_BY_LETTER, KINDS, Shape, kind_of
from competency_api.taxonomy.pointers import escaped, tokens

_BY_LANGUAGE = ("labels", "definition", "scope_note", "example", "translations")
_SHAPES = {attribute.name: attribute.shape for kind in KINDS.values() for attribute in kind.attributes}
#: What a file may leave out: a known concept keeps it, a new one gets a fresh uuid and the first meaning.
_KEPT = ("uuid", "meaning")


def read_concept(raw: Any, locate: Locate, problems: Problems, given: frozenset[str] | None = None) -> Entry | None:
    """The entry for one concept in JSON types, or None after adding everything that is wrong with it."""
    faults: list[Fault] = []
    content = cleaned_all(raw, "", faults)
    if isinstance(content, dict):
        content = _with_defaults(content, given)
        faults.extend(_identity_faults(content))
        faults.extend(_language_faults(content))
    concept = _concept_of(content, faults)
    if faults or concept is None:
        _report(faults, locate, problems)
        return None
    left_open = frozenset(name for name in _KEPT if name not in content)
    return Entry(concept, locate, left_open, given, content if given is not None else None)


def completed(entry: Entry, known: Concept | None, new_uuid: str = "") -> Concept:
    """The concept that an entry leads to. What it leaves open is that of ``known``, else new.

    Left open are ``uuid`` and ``meaning`` where they are absent, and in a file with columns whatever has no column.
    """
    concept = entry.concept
    if entry.given is not None and entry.content is not None and known is not None:
        concept = msgspec.convert(_merged(msgspec.to_builtins(known), entry.content, entry.given), Concept)
    kept = {"uuid": known.uuid, "meaning": known.meaning} if known is not None else {"uuid": new_uuid}
    return normalised(msgspec.structs.replace(concept, **{name: kept[name] for name in entry.open if name in kept}))


def _with_defaults(content: dict[str, Any], given: frozenset[str] | None) -> dict[str, Any]:
    """The kind from the code, an empty uuid as none; a row of a table without any label column has no labels."""
    result = {name: value for name, value in content.items() if not (name == "uuid" and value == "")}
    kind = kind_of(content["code"]) if isinstance(content.get("code"), str) else None
    if kind is not None:
        result.setdefault("kind", kind.name)
    if given is not None:
        result.setdefault("labels", {})
    return result


def _identity_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    code, kind = content.get("code"), content.get("kind")
    named = None
    if isinstance(code, str):
        named = kind_of(code)
        if named is None:
            letters = ", ".join(sorted(KIND_BY_LETTER))
            message = f'"{printable(code)}" is no code: it takes the letter of the kind ({letters}) and 3 to 8 digits.'
            yield Fault("/code", message, code)
    if isinstance(kind, str) and kind not in KINDS:
        yield Fault("/kind", f'There is no kind "{printable(kind)}".{did_you_mean(kind, KINDS)}', kind)
    elif isinstance(kind, str) and named is not None and named.name != kind:
        yield Fault("/kind", f'A code with {named.letter} is of the kind "{named.name}", not "{kind}".', kind)


def _maps_by_language(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in _BY_LANGUAGE:
        yield f"/{name}", content.get(name)
    attributes = content.get("attributes")
    for name, value in attributes.items() if isinstance(attributes, dict) else ():
        shape = _SHAPES.get(name)
        if shape is Shape.TEXT:
            yield f"/attributes/{escaped(name)}", value
        elif shape is Shape.LEVELS and isinstance(value, dict):
            yield from ((f"/attributes/{escaped(name)}/{escaped(level)}", texts) for level, texts in value.items())


def _language_faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    for pointer, texts in _maps_by_language(content):
        for tag in texts if isinstance(texts, dict) else ():
            right = find_tag(tag)
            if right != tag:
                remedy = f'write "{right}"' if right else 'right are "en", "es" or "pt-BR"'
                message = f'"{printable(tag)}" is not a language tag in the form of BCP 47; {remedy}.'
                yield Fault(f"{pointer}/{escaped(tag)}", message, tag)


def _concept_of(content: Any, faults: list[Fault]) -> Concept | None:
    """The content as it stands, or None; then ``faults`` says why."""
    # the uuid may be absent, and where there is no kind its lack is the fault of the code
    candidate = {"uuid": "", "kind": "", **content} if isinstance(content, dict) else content
    try:
        return msgspec.convert(candidate, Concept)
    except msgspec.ValidationError:
        known = {fault.pointer for fault in faults}
        faults.extend(fault for fault in faults_of(candidate, Concept) if fault.pointer not in known)
        return None


def _merged(before: dict[str, Any], content: Mapping[str, Any], given: frozenset[str]) -> dict[str, Any]:
    """``before`` with the places that ``given`` names as ``content`` has them, present or absent."""
    result = before
    for pointer in given:
        result = _without(result, tokens(pointer))
    result = _overlaid({"uuid": "", **result}, content)
    # a language whose preferred label was emptied has no labels, and a concept without the reason is not retired
    labels = {tag: names for tag, names in result.get("labels", {}).items() if "preferred" in names}
    result = result | {"labels": labels}
    if "reason" not in (result.get("retirement") or {"reason": ""}):
        del result["retirement"]
    return result


def _without(value: dict[str, Any], path: list[str]) -> dict[str, Any]:
    first, *rest = path
    if first not in value or (rest and not isinstance(value[first], dict)):
        return value
    if rest:
        return {**value, first: _without(value[first], rest)}
    return {name: inner for name, inner in value.items() if name != first}


def _overlaid(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for name, value in above.items():
        lower = result.get(name)
        result[name] = _overlaid(lower, value) if isinstance(lower, dict) and isinstance(value, dict) else value
    return result


def _report(faults: list[Fault], locate: Locate, problems: Problems) -> None:
    """Adds the faults in the order in which they stand in the file."""
    if problems.is_full:
        problems.more += len(faults)
        return
    placed = [(locate(fault.pointer), fault) for fault in faults]
    for place, fault in sorted(placed, key=lambda item: (item[0].line, item[0].column)):
        problems.add(place, fault.message, fault.value)
