"""Hands on the list of a ballot: a mouse and a finger, which hold an option by its grip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from playwright.sync_api import Locator, Page

#: A finger does not jump: places between two, at which the page hears of it.
_STEPS = 4


class Hand(Protocol):
    """What holds something at a place of the screen, in CSS pixels, and carries it elsewhere."""

    def take(self, x: float, y: float) -> None: ...
    def carry(self, x: float, y: float) -> None: ...
    def release(self) -> None: ...


class Mouse:
    def __init__(self, page: Page) -> None:
        self._mouse = page.mouse

    def take(self, x: float, y: float) -> None:
        self._mouse.move(x, y)
        self._mouse.down()

    def carry(self, x: float, y: float) -> None:
        self._mouse.move(x, y, steps=_STEPS)

    def release(self) -> None:
        self._mouse.up()


@dataclass
class Finger:
    """By the browser's own protocol, so that it scrolls, presses and drags as a finger on glass does."""

    page: Page
    at: tuple[float, float] = (0, 0)
    _session: Any = field(init=False)

    def __post_init__(self) -> None:
        self._session = self.page.context.new_cdp_session(self.page)

    def take(self, x: float, y: float) -> None:
        self.at = (x, y)
        self._send("touchStart", (x, y))

    def carry(self, x: float, y: float) -> None:
        (left, top), self.at = self.at, (x, y)
        for step in range(1, _STEPS + 1):
            self._send("touchMove", (left + (x - left) * step / _STEPS, top + (y - top) * step / _STEPS))

    def release(self) -> None:
        self._send("touchEnd")

    def cancel(self) -> None:
        """As when somebody calls: the phone takes the finger away from the page."""
        self._send("touchCancel")

    def _send(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


HANDS: dict[str, Callable[[Page], Hand]] = {"mouse": Mouse, "finger": Finger}


def middle(place: Locator) -> tuple[float, float]:
    """Of an element on the screen."""
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def lift(hand: Hand, page: Page, option: str) -> None:
    """Take an option by its grip."""
    grip = page.locator(f"#grip-{option}")
    grip.evaluate("grip => grip.closest('ol').scrollIntoView({block: 'center'})")
    hand.take(*middle(grip))


def above(page: Page, option: str) -> tuple[float, float]:
    """A place over the upper half of an option that is ranked."""
    box = page.locator(f"#ranked [data-option={option}]:is(li)").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + 4
