"""What an embed shows, as one document: everything is chosen, ordered, worded and translated here.

Whoever draws it (the element, the templates, somebody's own program) only has to lay it out. A text of the taxonomy
says its language, whether that is another one than was asked for, and whether a person has reviewed it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from competency_api.catalogue.presentation import LICENCE_NAME
from competency_api.catalogue.serving import Publication
from competency_api.concepts.absence import absent, current_code
from competency_api.concepts.filters import Values, label_key, select
from competency_api.core.errors import FieldError, InvalidInput
from competency_api.embeds.views import WORDED, View
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.kinds import LEVEL_NAMES
from competency_api.taxonomy.retirement import successors_of
from competency_api.taxonomy.speaking import OneLanguage
from competency_api.versions.values import VersionInfo

Document = dict[str, Any]
#: Entries, how many there are, how many of them are left out.
Found = tuple[list[Document], int, int]

#: A tree of no more than this begins unfolded.
_UNFOLDED = 30
#: Words that the element needs while it runs.
_SENT = ("name", "search", "found", "nothing", "empty", "choose", "missing", "open")


@dataclass(frozen=True)
class Asked:
    """What is to be shown of a version."""

    view: View
    filters: Mapping[str, Values]
    code: str | None = None
    columns: tuple[str, ...] | None = None
    sort: str = "label"
    depth: int | None = None
    limit: int = 500

    @property
    def shown_columns(self) -> tuple[str, ...]:
        """Those that were asked for, else the form's own. Raises InvalidInput for those that it has no use for."""
        if self.columns is None:
            return self.view.columns
        strange = [name for name in self.columns if name not in self.view.known_columns]
        if strange:
            raise _fault(f"The form `{self.view.name}` has no `{strange[0]}`.", "columns")
        return self.columns


@dataclass(frozen=True)
class Teller:
    """Tells of concepts of one version in one language; ``words`` are those of the interface in ``lang``."""

    found: Publication
    newest: VersionInfo
    speaker: OneLanguage
    lang: str
    words: Mapping[str, Any]
    base_url: str

    def document(self, asked: Asked) -> Document:
        """Raises InvalidInput for what cannot be meant, NotFound for a code that the version does not contain."""
        subject = self.subject(asked)
        items, total, hidden = self._items(asked, subject, asked.shown_columns)
        more = [self.item(subject, asked.shown_columns)] if subject else []
        head = {"subject": self.item(subject, ("definition",))} if asked.view.of == "profile" and subject else {}
        return self.around(asked, self._title(asked, subject), items, total, hidden, more) | head

    def around(
        self, asked: Asked, title: str, items: list[Document], total: int, hidden: int, more: Sequence[Document] = ()
    ) -> Document:
        """The document about these entries; ``more`` are others whose texts it shows."""
        said = self.words["embed"]
        return {
            "version": self.found.number,
            "newest": str(self.newest.number),
            "view": asked.view.name,
            "lang": self.lang,
            "title": title,
            "columns": [{"name": name, "title": self.words["columns"][name]} for name in asked.shown_columns],
            "items": items,
            "total": total,
            "open": total <= _UNFOLDED,
            "notes": self._notes([*items, *more], hidden),
            "about": self._about(),
            "words": {name: said[name] for name in _SENT},
        }

    # -- which concepts --------------------------------------------------------------------------------------------

    def subject(self, asked: Asked) -> Concept | None:
        """The concept that ``code`` names, where the form is of one."""
        wanted, code = asked.view.of, asked.code
        if not wanted:
            if code is not None:
                message = "Only the forms `concept`, `profile` and `courses` take it; `codes` chooses several."
                raise _fault(message, "code")
            return None
        if asked.filters:
            raise _fault(f"The form `{asked.view.name}` takes `code` and no filters.", next(iter(asked.filters)))
        if code is None and wanted == "courses":
            return None
        if code is None:
            raise _fault(f"The form `{asked.view.name}` needs it: code=C017, say.", "code")
        taxonomy = self.found.taxonomy
        concept = taxonomy.get(current_code(taxonomy, code) or code)
        if concept is None:
            raise absent(code, taxonomy, self.found.number)
        if wanted not in ("concept", "courses") and concept.kind != wanted:
            raise _fault(f"{concept.code} is a {concept.kind}; this form shows a {wanted}.", "code")
        return concept

    def _items(self, asked: Asked, subject: Concept | None, columns: Sequence[str]) -> Found:
        """The entries, how many there are, and how many of them the limit leaves out."""
        if subject is not None and asked.view.of == "profile":
            return self._expected(subject, asked, columns)
        if subject is not None:
            return [self.item(subject, columns)], 1, 0
        concepts = self._sorted(select(self.found.taxonomy, asked.filters), asked.sort)
        if asked.view.name == "tree":
            return self._tree(concepts, asked, columns)
        return self._first(concepts, asked, lambda concept: self.item(concept, columns))

    @staticmethod
    def _first(concepts: Sequence[Concept], asked: Asked, tell: Callable[[Concept], Document]) -> Found:
        items = [tell(concept) for concept in concepts[: asked.limit]]
        return items, len(concepts), len(concepts) - len(items)

    def _sorted(self, concepts: Iterable[Concept], sort: str) -> list[Concept]:
        return sorted(concepts, key=label_key(self.speaker) if sort == "label" else lambda concept: (concept.code,))

    def _expected(self, profile: Concept, asked: Asked, columns: Sequence[str]) -> Found:
        """What a profile expects, the highest levels first."""
        levels = {link.code: link.level or 0 for link in profile.relations.get("expects", ())}
        known = (self.found.taxonomy[code] for code in levels if code in self.found.taxonomy)
        concepts = sorted(self._sorted(known, asked.sort), key=lambda concept: -levels[concept.code])
        return self._first(
            concepts,
            asked,
            lambda concept: {**self.item(concept, columns), "level": self.level(levels[concept.code])},
        )

    def _tree(self, concepts: Sequence[Concept], asked: Asked, columns: Sequence[str]) -> Found:
        """The concepts below each other by ``broader``, as far as they were chosen; one with several stands below each.

        A level that would go beyond the limit is left out.
        """
        chosen = {concept.code for concept in concepts}
        below: dict[str, list[Concept]] = {}
        for concept in concepts:
            for parent in [code for code in concept.targets("broader") if code in chosen] or [""]:
                below.setdefault(parent, []).append(concept)
        tops = below.get("", [])
        roots = [self.item(concept, columns) for concept in tops[: asked.limit]]
        level, depth, shown = roots, 1, {node["code"] for node in roots}
        while level and depth != asked.depth and len(shown) + len(level) <= asked.limit:
            for node in level:
                node["children"] = [self.item(concept, columns) for concept in below.get(node["code"], ())]
            level, depth = [child for node in level for child in node["children"]], depth + 1
            shown |= {node["code"] for node in level}
        return roots, len(concepts), 0 if asked.depth else len(concepts) - len(shown)

    # -- what is said of them --------------------------------------------------------------------------------------

    def item(self, concept: Concept, columns: Iterable[str]) -> Document:
        """One entry: name, permanent address, and its columns, each a list of texts."""
        told: Document = {
            "code": concept.code,
            "uri": f"{self.base_url}/id/{concept.code}",
            "label": self.label(concept),
            "cells": {name: cell for name in columns if (cell := self._cell(name, concept))},
        }
        if concept.retirement is not None:
            told["retired"] = self.words["embed"]["retired"].format(date=concept.retirement.on)
            ends = (self.found.taxonomy[end.code] for end in successors_of(self.found.taxonomy, concept.code))
            if items := [self.item(end, ()) for end in ends]:
                told["instead"] = {"text": self.words["embed"]["instead"], "items": items}
        return told

    def label(self, concept: Concept) -> Document:
        said = self.speaker.label(concept.labels, concept.translations)
        return {"text": concept.code} if said is None else said

    def _cell(self, name: str, concept: Concept) -> list[Document]:
        if name == "code":
            return [{"text": concept.code}]
        if name == "kind":
            return [{"text": self.words["kinds"][concept.kind]}]
        if name == "definition":
            said = self.speaker.text(concept.definition, concept.translations)
            return [said] if said else []
        if name == "alternative":
            return list(self.speaker.labels(concept.labels, concept.translations)["alternative"])
        if name == "disciplines":
            codes = (code for code in concept.targets("part_of") if code in self.found.taxonomy)
            return [self.label(self.found.taxonomy[code]) for code in codes]
        value = concept.attributes.get(name, ()) if name in WORDED else ()
        return [{"text": self.words["values"][word]} for word in ([value] if isinstance(value, str) else value)]

    def level(self, level: int) -> Document:
        name = self.words["levels"][str(level)] if level in LEVEL_NAMES else ""
        return {"value": level, "text": self.words["embed"]["level"].format(level=level, name=name)}

    def _title(self, asked: Asked, subject: Concept | None) -> str:
        if subject is not None:
            return str(self.label(subject)["text"])
        kinds = [self.words["kinds"][kind] for kind in asked.filters.get("kind", ())]
        below = [
            self.label(self.found.taxonomy[code])["text"]
            for name in ("discipline", "below", "broader", "expected_by")
            for code in asked.filters.get(name, ())
        ]
        return ": ".join(filter(None, [", ".join(kinds), ", ".join(below)])) or str(self.words["embed"]["title"])

    def _notes(self, items: Iterable[Document], hidden: int) -> list[str]:
        """What a reader must know of all that is shown, once: entries left out, other languages, unreviewed texts."""
        said = self.words["embed"]
        texts = [text for item in items for text in _texts(item)]
        notes = [said["withdrawn"]] if self.found.version.withdrawal is not None else []
        notes += [said["foreign"]] if any(text.get("fallback") for text in texts) else []
        notes += [said["unreviewed"]] if any(text.get("review") == "draft" for text in texts) else []
        return notes + ([said["more"].format(count=hidden)] if hidden else [])

    def _about(self) -> Document:
        said = self.words["embed"]
        version = said["version"].format(version=self.found.number)
        about = {"text": f"{said['title']}, {version} · {LICENCE_NAME}", "uri": f"{self.base_url}/"}
        if self.newest.number > self.found.version.number:
            about["newer"] = said["newer"].format(version=self.newest.number)
        return about


def _texts(item: Document) -> Iterable[Document]:
    """All texts of the taxonomy in an entry and below it."""
    waiting = [item]
    while waiting:
        told = waiting.pop()
        yield told["label"]
        for cell in told["cells"].values():
            yield from cell
        waiting += [*told.get("children", ()), *told.get("instead", {}).get("items", ())]


def _fault(message: str, parameter: str) -> InvalidInput:
    return InvalidInput(FieldError(message, parameter=parameter))
