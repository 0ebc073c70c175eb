"""Cycles, ancestry, superfluous edges and islands, against slow and obvious answers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from competency_api.taxonomy.graph import Ancestry, components, islands, shortest_cycle

NODES = "ABCDEF"

graphs = st.dictionaries(st.sampled_from(NODES), st.lists(st.sampled_from(NODES), max_size=3, unique=True))


def reachable(edges: dict[str, list[str]], start: str) -> set[str]:
    """Nodes at the end of a way of one edge or more."""
    seen: set[str] = set()
    waiting = list(edges.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting.extend(edges.get(node, ()))
    return seen


def all_nodes(edges: dict[str, list[str]]) -> set[str]:
    return set(edges).union(*edges.values())


@given(graphs)
def test_what_lies_above_is_what_can_be_reached(edges: dict[str, list[str]]) -> None:
    ancestry = Ancestry(edges)
    for node in NODES:
        assert {other for other in NODES if ancestry.is_above(other, node)} == reachable(edges, node)


@given(graphs)
def test_each_node_is_in_one_component_after_those_it_leads_to(edges: dict[str, list[str]]) -> None:
    found = components(edges)
    number = {node: i for i, component in enumerate(found) for node in component}
    assert sorted(number) == sorted(all_nodes(edges)) == sorted(node for component in found for node in component)
    assert all(number[target] <= number[node] for node, targets in edges.items() for target in targets)


@given(graphs)
def test_a_cycle_is_reported_for_each_group_that_lies_above_itself(edges: dict[str, list[str]]) -> None:
    cycles = Ancestry(edges).cycles()
    cyclic = {node for node in edges if node in reachable(edges, node)}
    groups = {frozenset(n for n in reachable(edges, node) if node in reachable(edges, n)) for node in cyclic}
    assert {cycle[0] for cycle in cycles} == {min(group) for group in groups}
    for cycle in cycles:
        assert all(b in edges[a] for a, b in zip(cycle, (*cycle[1:], cycle[0]), strict=True))
        assert len(set(cycle)) == len(cycle)


@given(graphs)
def test_without_cycles_an_edge_is_superfluous_when_its_end_is_reached_without_it(edges: dict[str, list[str]]) -> None:
    if Ancestry(edges).cycles():
        edges = {node: [t for t in targets if t > node] for node, targets in edges.items()}
    expected = {
        (node, target)
        for node, targets in edges.items()
        for target in targets
        if target in reachable({**edges, node: [t for t in targets if t != target]}, node)
    }
    assert {(node, target) for node, target, _ in Ancestry(edges).redundant()} == expected


@given(graphs)
def test_islands_share_no_edge_and_hold_every_node_once(edges: dict[str, list[str]]) -> None:
    found = islands(edges)
    home = {node: number for number, island in enumerate(found) for node in island}
    assert sum(map(len, found)) == len(home) == len(all_nodes(edges))
    assert all(home[node] == home[target] for node, targets in edges.items() for target in targets)
    assert found == sorted(found, key=lambda island: (-len(island), island))


def test_the_shortest_of_several_cycles_is_shown() -> None:
    edges = {"A": ["B", "D"], "B": ["C"], "C": ["A"], "D": ["A"]}
    assert Ancestry(edges).cycles() == [("A", "D")]
    assert shortest_cycle(edges, "B", "ABCD") == ("B", "C", "A")
    assert shortest_cycle(edges, "B", "BC") == ()


def test_a_hierarchy_far_deeper_than_the_stack_is_no_trouble() -> None:
    depth = 20_000
    chain = {f"C{n:05}": [f"C{n + 1:05}"] for n in range(depth)}
    ancestry = Ancestry(chain)
    assert ancestry.is_above(f"C{depth:05}", "C00000")
    assert ancestry.cycles() == []
    circle = {**chain, f"C{depth:05}": ["C00000"]}
    assert [len(cycle) for cycle in Ancestry(circle).cycles()] == [depth + 1]
