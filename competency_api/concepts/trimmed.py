"""Answers with only the members that ``fields`` asks for, and the languages of the texts that are left in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from competency_api.core.http import trim
from competency_api.core.http.trimming import Tree
from competency_api.taxonomy.speaking import Speaker

_SAID = frozenset({"text", "lang", "fallback", "review"})


@dataclass(frozen=True)
class Trimmer:
    """Trims documents by one tree; an empty one keeps everything. ``speaker`` said their texts."""

    tree: Tree
    speaker: Speaker
    _shown: set[str] = field(default_factory=set)

    def trimmed(self, document: Any) -> Any:
        if self.tree and self.speaker.asked:
            self._note(document, self.tree)
        return trim(document, self.tree)

    @property
    def languages(self) -> tuple[str, ...]:
        """Those of the texts in the trimmed documents, the most wanted first."""
        return self.speaker.ranked(self._shown) if self.tree else self.speaker.used

    def _note(self, document: Any, tree: Tree) -> None:
        """Note the languages of the texts that stay in the document."""
        if isinstance(document, list | tuple):
            for entry in document:
                self._note(entry, tree)
        elif isinstance(document, Mapping):
            if document.keys() == _SAID:
                if not tree or "text" in tree:
                    self._shown.add(document["lang"])
                return
            for name, value in document.items():
                below = tree.get(name, tree.get("*")) if tree else tree
                if below is not None:
                    self._note(value, below)
