"""The difference of two versions as a page: what happened to each concept, place by place, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from competency_api.catalogue import presentation
from competency_api.catalogue.serving import Publication
from competency_api.pages.prose.speech import Voice
from competency_api.pages.prose.words import compared
from competency_api.pages.texts import Texts
from competency_api.taxonomy.changes import Bump, Change, ChangeType, ConceptChange, Difference, Edit
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE
from competency_api.taxonomy.kinds import KINDS, RELATIONS
from competency_api.taxonomy.wording import edit_lines

#: Concepts on one page.
A_PAGE = 50
_WHOLE = frozenset({ChangeType.ADDED, ChangeType.REMOVED})


class Comparison:
    """Two versions, for readers of one language."""

    def __init__(self, old: Publication, new: Publication, found: Difference, voice: Voice) -> None:
        self.old, self.new, self.found = old, new, found
        self._voice, self._texts = voice, voice.texts

    def page(
        self, types: tuple[str, ...], kinds: tuple[str, ...], codes: tuple[str, ...], number: int
    ) -> dict[str, Any]:
        """The concepts in which one of the types happened, of these kinds and codes; empty: all of them."""
        chosen = presentation.chosen_entries(self.found, types, codes, kinds)
        pages = max(1, -(-len(chosen) // A_PAGE))
        number = min(max(number, 1), pages)
        shown = chosen[(number - 1) * A_PAGE : number * A_PAGE]
        names = self._names(shown)
        return {
            "total": len(chosen),
            "page": number,
            "pages": pages,
            "entries": [self._entry(entry, names) for entry in shown],
            "bumps": self._bumps(),
            "types": [(kind, self._texts.word("change", kind), n) for kind, n in self.found.counts().items()],
            "kinds": self._kinds(),
            "same": self.found.probably_same,
        }

    def _bumps(self) -> list[tuple[str, str, int]]:
        counts = [(bump, sum(entry.bump is bump for entry in self.found.entries)) for bump in reversed(Bump)]
        return [(bump.value, self._texts.word("bump", bump.value), count) for bump, count in counts if count]

    def _kinds(self) -> list[tuple[str, str, int]]:
        counts = {kind: sum(entry.kind == kind for entry in self.found.entries) for kind in KINDS}
        return [(kind, self._texts.word("kinds", kind), count) for kind, count in counts.items() if count]

    def _names(self, entries: list[ConceptChange]) -> Mapping[str, str]:
        codes = (code for entry in entries for change in entry.changes for edit in change.edits for code in edit.links)
        labels = presentation.link_labels(codes, self.old.taxonomy, self.new.taxonomy, self._voice)
        return {code: label["text"] for code, label in labels.items() if label}

    def _entry(self, entry: ConceptChange, names: Mapping[str, str]) -> dict[str, Any]:
        taxonomy = self.new.taxonomy if entry.code in self.new.taxonomy else self.old.taxonomy
        concept = taxonomy[entry.code]
        return {
            "code": entry.code,
            "kind": entry.kind,
            "version": self.new.number if taxonomy is self.new.taxonomy else self.old.number,
            "label": self._voice.label(concept.labels, concept.translations),
            "bump": entry.bump.value,
            "definition": self._definition(entry),
            "changes": [self._change(change, names) for change in entry.changes],
        }

    def _definition(self, entry: ConceptChange) -> Any:
        """Of a concept that came or went whole, what it means says more than its parts."""
        if entry.types.isdisjoint(_WHOLE):
            return None
        concept = self.new.taxonomy.get(entry.code) or self.old.taxonomy[entry.code]
        return self._voice.text(concept.definition, concept.translations)

    def _change(self, change: Change, names: Mapping[str, str]) -> dict[str, Any]:
        edits = () if change.type in _WHOLE else change.edits
        return {
            "type": change.type.value,
            "name": self._texts.word("change", change.type.value),
            "bump": change.bump.value,
            "meaning": change.meaning,
            **self._edits([self._edit(edit, names) for edit in edits]),
        }

    def _edits(self, edits: list[dict[str, Any]]) -> dict[str, Any]:
        """What the reader can read first; of a change in many languages, the others apart."""
        own, known = self._texts.language, (self._texts.language, REFERENCE_LANGUAGE, "")
        first = sorted(
            (edit for edit in edits if edit["language"] in known), key=lambda e: e["language"] not in (own, "")
        )
        others = [edit for edit in edits if edit["language"] not in known]
        return {"edits": first, "others": others} if first else {"edits": others, "others": []}

    def _edit(self, edit: Edit, names: Mapping[str, str]) -> dict[str, Any]:
        shown: dict[str, Any] = {"place": place(edit.path, self._texts), "language": language_in(edit.path)}
        if isinstance(edit.old, str) and isinstance(edit.new, str):
            shown["compared"] = compared(edit.old, edit.new)
        gone, come = edit_lines(edit, names)
        return shown | {"gone": gone, "come": come}


def language_in(path: str) -> str:
    """The language of the text at a place in a concept; empty for what has none."""
    parts = path.split("/")[1:]
    if parts[:1] in (["labels"], ["definition"], ["scope_note"], ["example"]) and len(parts) > 1:
        return parts[1]
    return parts[-1] if parts[:1] == ["attributes"] and len(parts) > 2 and parts[-1].isalpha() else ""


def place(path: str, texts: Texts) -> str:
    """A place in a concept in words: ``/labels/es/preferred`` is "Label, Spanish"."""
    parts = [part for part in path.split("/")[1:] if part not in ("preferred", "labels")]
    if not parts:
        return texts("part.labels") if path else texts("part.whole")
    language = language_in(path)
    words = (
        [texts("part.labels")] if path.startswith("/labels/") and not path.endswith(("alternative", "hidden")) else []
    )
    for part in parts:
        if part in ("relations", "attributes", language):
            continue
        words.append(_named(part, path, texts))
    if path.startswith("/translations/"):
        words = [texts("part.translations"), texts.word("language", parts[-1])]
    return ", ".join([*words, *([texts.word("language", language)] if language else [])])


def _named(part: str, path: str, texts: Texts) -> str:
    if part in RELATIONS and path.startswith("/relations"):
        return texts.word("relation", part)
    if path.startswith("/attributes/levels") and part.isdigit():
        return part
    group = "attribute" if path.startswith("/attributes") else "part"
    return texts.word(group, part)
