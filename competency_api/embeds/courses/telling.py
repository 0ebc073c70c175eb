"""The form ``courses``: the courses that teach, assess or require something, those of a provider, or some of them.

It is told in the same document as the other forms, so that the element and the templates draw it as a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from competency_api.core.autonyms import autonym
from competency_api.core.errors import FieldError, InvalidInput, NotFound
from competency_api.core.site import SITE_LANGUAGES
from competency_api.core.text import printable
from competency_api.courses.public.reading import Shown, spoken
from competency_api.courses.queries import Filters, Provider
from competency_api.courses.values import Visibility
from competency_api.embeds.document import Asked, Document, Teller
from competency_api.embeds.views import COURSE_PARAMETERS, View
from competency_api.taxonomy.concept import Concept

#: Courses are counted up to here; what goes beyond is not needed to say that there are more.
MOST_COUNTED = 10_000
_LONGEST = 220


@dataclass(frozen=True)
class Courses:
    """What is asked for: of a concept, doing something with it; of a provider; or these courses by their ids."""

    code: str | None = None
    relations: tuple[str, ...] = ()
    provider: str | None = None
    ids: tuple[str, ...] = ()

    @classmethod
    def of(cls, query: Mapping[str, Any], view: View) -> Courses | None:
        """None for the other forms. Raises InvalidInput for parameters that belong to the other ones."""
        given = [name for name in COURSE_PARAMETERS if name in query]
        if view.of != "courses":
            if given:
                raise _fault("Only the form `courses` takes it.", given[0])
            return None
        ids = tuple(query.get("course", ()))
        if ids and ("code" in query or len(given) > 1):
            raise _fault("It names the courses themselves, and stands alone.", "course")
        return cls(query.get("code"), tuple(query.get("relation", ())), query.get("provider"), ids)

    def filters(self, concept: Concept | None, provider: Provider | None) -> Filters:
        return Filters(
            concept=concept.code if concept else None,
            relations=self.relations,
            provider_id=provider.id if provider else None,
            visibility=Visibility.PUBLIC.value,
        )


@dataclass(frozen=True)
class Shelf:
    """What was found: the concept and the provider that it is about, the courses, and how many there are of them."""

    concept: Concept | None
    provider: Provider | None
    courses: Sequence[Shown]
    total: int


def document(teller: Teller, asked: Asked, shelf: Shelf) -> Document:
    """As :meth:`Teller.document` tells of concepts."""
    items = [_item(teller, shown, asked.shown_columns) for shown in shelf.courses]
    if asked.sort == "label":
        items.sort(key=lambda item: item["label"]["text"].casefold())
    items = items[: asked.limit]
    return teller.around(asked, _title(teller, shelf), items, shelf.total, shelf.total - len(items))


def _title(teller: Teller, shelf: Shelf) -> str:
    said = teller.words["embed"]
    names = [shelf.provider.name] if shelf.provider else []
    names += [str(teller.label(shelf.concept)["text"])] if shelf.concept else []
    return said["courses_on"].format(label=", ".join(names)) if names else str(said["courses"])


def _item(teller: Teller, shown: Shown, columns: Iterable[str]) -> Document:
    course, cells = shown.document, {name: _CELLS[name](teller, shown) for name in columns}
    return {
        "code": course["id"],
        "uri": f"{teller.base_url}/{teller.lang}/courses/{course['id']}",
        "label": _text(teller, course["title"]) or {"text": course["external_id"]},
        "cells": {name: texts for name, texts in cells.items() if texts},
    }


def _text(teller: Teller, texts: Mapping[str, str]) -> Document | None:
    """Without what is said of reviews: a provider's texts are its own."""
    said = spoken(teller.speaker, texts)
    return said and {name: value for name, value in said.items() if name != "review"}


def _definition(teller: Teller, shown: Shown) -> list[Document]:
    said = _text(teller, shown.document["description"])
    if said is None:
        return []
    line = " ".join(said["text"].split())
    return [said | {"text": line if len(line) <= _LONGEST else f"{line[:_LONGEST].rsplit(' ', 1)[0]}…"}]


def _relation(teller: Teller, shown: Shown) -> list[Document]:
    return [{"text": teller.words["values"][mapping["relation"]]} for mapping in shown.mappings]


def _level(teller: Teller, shown: Shown) -> list[Document]:
    levels = sorted({mapping["level"] for mapping in shown.mappings if mapping["level"]})
    return [{"text": teller.level(level)["text"]} for level in levels]


def _hours(teller: Teller, shown: Shown) -> list[Document]:
    hours = shown.document["hours"]
    if hours is None:
        return []
    written = f"{hours:g}" if teller.lang == SITE_LANGUAGES[0] else f"{hours:g}".replace(".", ",")
    return [{"text": teller.words["embed"]["hours"].format(hours=written)}]


def _modality(teller: Teller, shown: Shown) -> list[Document]:
    modality = shown.document["modality"]
    return [{"text": teller.words["values"][modality]}] if modality else []


_CELLS: Mapping[str, Callable[[Teller, Shown], list[Document]]] = {
    "definition": _definition,
    "relation": _relation,
    "level": _level,
    "provider": lambda _teller, shown: [{"text": shown.document["provider"]["name"]}],
    "hours": _hours,
    "modality": _modality,
    "languages": lambda _teller, shown: [{"text": autonym(tag)} for tag in shown.document["languages"]],
}


def no_such_course(ids: Iterable[str]) -> NotFound:
    return NotFound(f"There is no public course {', '.join(map(printable, ids))}.")


def no_such_provider(code: str) -> InvalidInput:
    return _fault(f'There is no provider "{printable(code)}".', "provider")


def _fault(message: str, parameter: str) -> InvalidInput:
    return InvalidInput(FieldError(message, parameter=parameter))
