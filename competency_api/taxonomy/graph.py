"""Directed graphs of codes: cycles, what lies above what, links that say nothing new, islands.

Nothing here recurses: a hierarchy of any depth, also a hostile one, costs time and memory but never the stack.
Edges to nodes that the graph does not contain are followed like others, to a node without edges of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

Edges = Mapping[str, Sequence[str]]


def components(edges: Edges) -> list[list[str]]:
    """The strongly connected components, each after all those that it leads to (Tarjan 1972).

    Nodes and edges are taken in the order given, so the same input has the same result.
    """
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    open_nodes: dict[str, None] = {}
    found: list[list[str]] = []
    for start in edges:
        if start in order:
            continue
        order[start] = low[start] = len(order)
        open_nodes[start] = None
        path: list[tuple[str, Iterator[str]]] = [(start, iter(edges[start]))]
        while path:
            node, targets = path[-1]
            target = next(targets, None)
            if target is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == order[node]:
                    found.append(_closed(open_nodes, node))
            elif target not in order:
                order[target] = low[target] = len(order)
                open_nodes[target] = None
                path.append((target, iter(edges.get(target, ()))))
            elif target in open_nodes:
                low[node] = min(low[node], order[target])
    return found


def _closed(open_nodes: dict[str, None], root: str) -> list[str]:
    """Take a finished component, which ends with its root, off the open nodes."""
    component = []
    while True:
        node, _ = open_nodes.popitem()
        component.append(node)
        if node == root:
            return component


def shortest_cycle(edges: Edges, start: str, within: Iterable[str]) -> tuple[str, ...]:
    """A shortest way from ``start`` back to it through nodes of ``within``, without the repeated end; () if none."""
    allowed = set(within)
    came_from: dict[str, str] = {}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for target in edges.get(node, ()):
            if target == start:
                way = [node]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return tuple(reversed(way))
            if target in allowed and target not in came_from:
                came_from[target] = node
                waiting.append(target)
    return ()


class Ancestry:
    """What lies above what, for edges from below to above (``broader``); cycles allowed.

    The nodes above a node are the bits of one integer, numbered from the top: a realistic hierarchy of 14,000 concepts
    takes a few megabytes, and the worst one n²/8 bytes, where sets would take a hundred times as much.
    """

    def __init__(self, edges: Edges) -> None:
        self._edges = edges
        self._component: dict[str, int] = {}
        self._above: list[int] = []
        self._cyclic: list[list[str]] = []
        for number, component in enumerate(components(edges)):
            self._component.update(dict.fromkeys(component, number))
            above = 0
            for node in component:
                for target in edges.get(node, ()):
                    other = self._component[target]
                    above |= 1 << other | (self._above[other] if other != number else 0)
            self._above.append(above)
            if above >> number & 1:
                self._cyclic.append(component)

    def cycles(self) -> list[tuple[str, ...]]:
        """One cycle for each group of nodes that lie above each other: the shortest through its first code."""
        return sorted(shortest_cycle(self._edges, min(group), group) for group in self._cyclic)

    def is_above(self, upper: str, lower: str) -> bool:
        """Whether a way leads from ``lower`` up to ``upper``; for nodes of one cycle, both ways."""
        if upper not in self._component or lower not in self._component:
            return False
        return bool(self._above[self._component[lower]] >> self._component[upper] & 1)

    def redundant(self) -> list[tuple[str, str, str]]:
        """Edges that a longer way makes superfluous, as (node, target, the other target that it leads through).

        Edges inside a cycle are not judged: there every edge would be superfluous.
        """
        found = []
        for node, targets in self._edges.items():
            if len(targets) < 2:
                continue
            numbers = {target: self._component[target] for target in targets}
            for target in numbers:
                via = (
                    other
                    for other in numbers
                    if len({numbers[other], numbers[target], self._component[node]}) == 3
                    and self.is_above(target, other)
                )
                if first := next(via, None):
                    found.append((node, target, first))
        return found


def islands(edges: Edges) -> list[list[str]]:
    """Nodes that hang together whichever way the edges point, each island sorted, the largest first."""
    neighbours: dict[str, list[str]] = {node: list(targets) for node, targets in edges.items()}
    for node, targets in edges.items():
        for target in targets:
            neighbours.setdefault(target, []).append(node)
    found: list[list[str]] = []
    seen: set[str] = set()
    for start in neighbours:
        if start in seen:
            continue
        seen.add(start)
        island = [start]
        for node in island:  # grows while it is read
            fresh = [other for other in dict.fromkeys(neighbours[node]) if other not in seen]
            seen.update(fresh)
            island.extend(fresh)
        found.append(sorted(island))
    return sorted(found, key=lambda island: (-len(island), island))
