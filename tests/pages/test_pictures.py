"""Pictures: well-formed, named, and of the same content as what stands beside them."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_api.pages.content.overview import cells_of
from competency_api.pages.pictures import graph, grid, levels
from competency_api.pages.pictures.svg import element, fitting, wrapped
from tests.support.seeds import TODAY, state

HOSTILE = '"><script>alert(1)</script>&'


def parsed(markup: str) -> ET.Element:
    return ET.fromstring(markup)


def node(number: int, label: str = "A label") -> graph.Node:
    return graph.Node(f"C{number:03}", label, f"/en/concepts/C{number:03}")


def test_texts_and_attributes_are_escaped() -> None:
    found = parsed(element("text", HOSTILE, aria_label=HOSTILE, href=None))
    assert (found.text, found.attrib) == (HOSTILE, {"aria-label": HOSTILE})


@given(st.text(max_size=60), st.integers(20, 300))
def test_what_is_shortened_fits_and_ends_with_an_ellipsis(text: str, width: int) -> None:
    most = max(1, int(width / (13 * 0.55)))
    shown = fitting(text, width, 13)
    assert len(shown) <= most
    assert shown == text or shown.endswith("…")
    assert 1 <= len(wrapped(text, width, 13)) <= 2


@pytest.mark.parametrize(
    "sides", [{"left": 7}, {"right": 1, "above": 2}, {"below": 3}, {"left": 1, "right": 6, "above": 1}]
)
def test_a_neighbourhood_draws_every_neighbour_inside_the_picture(sides: dict[str, int]) -> None:
    groups = {
        side: (graph.Group(side, tuple(node(place, HOSTILE) for place in range(number)), "and 3 more"),)
        for side, number in sides.items()
    }
    picture = parsed(graph.drawn(graph.Neighbourhood(node(999), **groups), title="T", description="D"))
    width, height = (float(picture.attrib[name]) for name in ("width", "height"))
    boxes = picture.findall(".//rect")
    assert len(boxes) == 1 + sum(sides.values())
    for box in boxes:
        x, y, w, h = (float(box.attrib[name]) for name in ("x", "y", "width", "height"))
        assert 0 <= x <= x + w <= width
        assert 0 <= y <= y + h <= height
    assert len(picture.findall(".//path")) == sides.get("left", 0) + sides.get("right", 0)


def test_a_picture_has_a_name_and_a_description_and_its_links_have_names() -> None:
    dots = {3: (levels.Dot("One", "/one"), levels.Dot("Two", "/two"))}
    rows = [levels.Row("A discipline", "/d", dots)]
    picture = parsed(levels.drawn(rows, names=dict.fromkeys((1, 2, 3, 4), "level"), title="T", description="D"))
    names = {child.attrib["id"]: child.text for child in picture if "id" in child.attrib}
    assert [names[picture.attrib[key]] for key in ("aria-labelledby", "aria-describedby")] == ["T", "D"]
    assert [link.attrib["aria-label"] for link in picture.findall(".//a")] == ["A discipline", "One", "Two"]
    assert picture.findall(".//*[@style]") == []


def test_a_level_is_drawn_by_as_many_segments() -> None:
    for level in (1, 2, 3, 4):
        assert len(parsed(levels.meter(level)).findall("rect[@class='on']")) == level


def test_the_fuller_a_cell_the_stronger_its_colour() -> None:
    cells = tuple(grid.Cell(count, f"{count}", "/x") for count in (0, 1, 10, 20, 50))
    picture = parsed(grid.drawn(["K"] * 5, [grid.Row("R", "/r", cells)], title="T", description="D"))
    tints = [int(box.attrib["class"].removeprefix("tint-")) for box in picture.findall(".//rect")]
    assert tints == sorted(tints)
    assert (tints[0], tints[-1]) == (0, 5)
    assert len(picture.findall(".//a")) == 5


def test_the_overview_counts_what_the_competencies_of_a_discipline_have_to_do_with() -> None:
    taxonomy = state(TODAY)
    cells = cells_of(taxonomy)
    assert set(cells["D004", "competency"]) == set(taxonomy.incoming("D004", "part_of"))
    assert cells["D004", "privacy-concern"]["P001"] == {"C017"}
    assert all(taxonomy[code].retirement is None for found in cells.values() for code in found)
