"""The hierarchy by ``broader``, as nested nodes. A concept with several parents stands below each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from competency_api.core.errors import FieldError, InvalidInput
from competency_api.taxonomy.taxonomy import Taxonomy

#: Several parents multiply paths; a hierarchy of n concepts can have 2^n of them.
MOST_NODES = 50_000

Show = Callable[[str], dict[str, Any]]


@dataclass
class Growing:
    """One tree while it is made; ``depth`` is the number of levels that are shown, None for all."""

    taxonomy: Taxonomy
    show: Show
    depth: int | None
    nodes: int = 0

    def grow(self, codes: Iterable[str]) -> list[dict[str, Any]]:
        """Nodes of these concepts with everything below them. Level by level, so that no depth costs the stack."""
        roots = [self._node(code) for code in codes]
        level, depth = roots, 1
        while level and (self.depth is None or depth < self.depth):
            for node in level:
                node["children"] = [self._node(code) for code in self._active_children(node["code"])]
            level, depth = [child for node in level for child in node["children"]], depth + 1
        return roots

    def _active_children(self, code: str) -> list[str]:
        return [child for child in self.taxonomy.children(code) if self.taxonomy[child].retirement is None]

    def _node(self, code: str) -> dict[str, Any]:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            message = f"The tree has more than {MOST_NODES} nodes; ask for fewer levels, or below one concept."
            raise InvalidInput(FieldError(message, parameter="depth"))
        return {**self.show(code), "children_total": len(self._active_children(code)), "children": []}


def grown(taxonomy: Taxonomy, codes: Iterable[str], show: Show, depth: int | None = None) -> list[dict[str, Any]]:
    """The trees that start at ``codes``, without retired concepts below them.

    Raises InvalidInput for more than :data:`MOST_NODES` nodes.
    """
    return Growing(taxonomy, show, depth).grow(codes)
