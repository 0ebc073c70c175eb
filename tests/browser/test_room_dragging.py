"""Ordering a ballot on the narrowest phone: by finger, by mouse, by keys and by buttons, with one result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from competency_api.rooms.screen import asset
from tests.support.dragging import HANDS, Finger, Mouse, above, lift, middle
from tests.support.phones import OPTIONS, Levels, Phone, Phones

FOUR: Levels = [["a"], ["b"], ["c"], ["d"]]
#: `b` stands beside `a`.
EQUALS: Levels = [["a", "b"], ["c"], ["d"]]


def by_drag(page: Page, hand: str) -> None:
    held = HANDS[hand](page)
    lift(held, page, "d")
    held.carry(*above(page, "b"))
    held.release()


def by_keys(page: Page) -> None:
    page.locator("#grip-d").focus()
    for _ in range(2):
        page.keyboard.press("ArrowUp")


def by_buttons(page: Page) -> None:
    for _ in range(2):
        page.locator("#up-d").click()


WAYS: dict[str, Callable[[Page], None]] = {
    **{hand: lambda page, hand=hand: by_drag(page, hand) for hand in HANDS},  # type: ignore[misc]  # a default is no type
    "keys": by_keys,
    "buttons": by_buttons,
}


def test_an_option_is_moved_alike_by_every_way_and_the_ballot_is_saved(phones: Phones) -> None:
    phone = phones.phone(FOUR)
    for way, move in WAYS.items():
        move(phone.page)
        assert (way, phone.order) == (way, ["a", "d", "b", "c"])
        assert phone.page.evaluate("document.activeElement.dataset.option") == "d"
        assert phone.sent()["levels"] == [["a"], ["d"], ["b"], ["c"]]
        for _ in range(2):
            phone.page.locator("#down-d").click()


def test_what_is_dragged_between_equals_parts_them(phones: Phones) -> None:
    phone = phones.phone([["a", "b", "c"], ["d"]])
    by_drag(phone.page, "finger")
    assert phone.sent()["levels"] == [["a"], ["d"], ["b", "c"]]


def test_at_the_edge_of_the_screen_the_page_follows_the_finger(phones: Phones) -> None:
    phone = phones.phone([[name] for name in OPTIONS])
    page, finger = phone.page, Finger(phone.page)
    page.locator("#grip-a").evaluate("grip => grip.scrollIntoView({block: 'center'})")
    x, y = middle(page.locator("#grip-a"))
    finger.take(x, y)
    finger.carry(x, page.evaluate("innerHeight") - 10)
    expect(phone.items.last).to_have_attribute("data-option", "a")
    finger.release()
    assert phone.sent()["levels"] == [[name] for name in (*OPTIONS[1:], "a")]


def escaped(page: Page) -> None:
    mouse = Mouse(page)
    lift(mouse, page, "b")
    mouse.carry(*middle(page.locator("#ranked li").last))
    page.keyboard.press("Escape")
    mouse.release()


def called(page: Page) -> None:
    finger = Finger(page)
    lift(finger, page, "b")
    finger.carry(*middle(page.locator("#ranked li").last))
    finger.cancel()


def put_back(page: Page) -> None:
    finger = Finger(page)
    lift(finger, page, "b")
    begun = finger.at
    finger.carry(*middle(page.locator("#ranked li").last))
    finger.carry(*begun)
    finger.release()


def touched(page: Page) -> None:
    page.locator("#grip-b").tap()


def test_a_drag_that_is_given_up_changes_nothing(phones: Phones) -> None:
    phone = phones.phone(EQUALS)
    for give_up in (escaped, called, put_back, touched):
        give_up(phone.page)
        assert (give_up.__name__, phone.order) == (give_up.__name__, ["a", "b", "c", "d"])
        expect(phone.page.locator(".is-dragged, .is-dragging")).to_have_count(0)
    phone.page.locator("#down-c").click()  # the first change that is sent since
    ballot = phone.sent()
    assert (ballot["levels"], ballot["casts"]) == ([["a", "b"], ["d"], ["c"]], 2)


def test_what_the_page_hears_meanwhile_does_not_take_the_option_from_the_hand(phones: Phones) -> None:
    phone = phones.phone(FOUR)
    mouse = Mouse(phone.page)
    lift(mouse, phone.page, "d")
    mouse.carry(*above(phone.page, "b"))
    phone.reached(is_reached=False)
    expect(phone.told).to_contain_text("No connection")
    assert phone.page.locator(".is-dragged").get_attribute("data-option") == "d"
    mouse.release()
    expect(phone.told).to_contain_text("Not sent yet: no connection")
    phone.reached(is_reached=True)
    assert phone.sent()["levels"] == [["a"], ["d"], ["b"], ["c"]]


def test_beside_the_grip_a_finger_scrolls_and_at_the_grip_it_does_not(phones: Phones) -> None:
    phone = phones.phone(FOUR)
    assert swiped(phone, "#grip-d") == 0
    dragged = phone.order
    assert dragged.index("d") < FOUR.index(["d"])
    assert swiped(phone, "#ranked [data-option=c] .naming") > 0
    assert phone.order == dragged


def swiped(phone: Phone, place: str) -> Any:
    """How far the page scrolled when a finger went up 200 pixels from there."""
    phone.page.evaluate("document.querySelector('#ranked').scrollIntoView({block: 'center'})")
    before = phone.page.evaluate("scrollY")
    finger, (x, y) = Finger(phone.page), middle(phone.page.locator(place))
    finger.take(x, y)
    finger.carry(x, max(y - 200, 80))
    # two frames later what a finger scrolls has been scrolled
    phone.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    scrolled = phone.page.evaluate("scrollY") - before
    finger.release()
    return scrolled


#: What the page does with levels, for every ballot over three options, said as what is not so.
LAWS = """
async (address) => {
  const order = await import(address), names = ["a", "b", "c"], faults = [];
  const ballots = (left) => left.length === 0 ? [[]] : ballots(left.slice(1)).flatMap((levels) => [
    levels, // left out
    ...levels.map((level, at) => levels.map((own, index) => index === at ? [...own, left[0]] : own)),
    ...Array.from({length: levels.length + 1}, (_, at) => [...levels.slice(0, at), [left[0]], ...levels.slice(at)]),
  ]);
  const law = (what, levels, holds) => { if (!holds) faults.push(`${what}: ${JSON.stringify(levels)}`); };
  const same = (some, others) => order.isSame([...some].sort(), [...others].sort());
  const all = ballots(names);
  for (const levels of all) for (const name of names) {
    const before = JSON.stringify(levels), ranked = levels.flat(), isRanked = ranked.includes(name);
    const up = order.moved(levels, name, -1), down = order.moved(levels, name, 1), tied = order.tied(levels, name);
    const drops = names.filter((other) => other !== name).map((other) => [other, order.dropped(levels, name, [other])]);
    const ended = order.dropped(levels, name, []);
    for (const moved of [up, down, tied, ended, ...drops.map(([, found]) => found)]) {
      law("has the same options", levels, same(moved.flat(), ranked));
      law("has no empty level", levels, moved.every((level) => level.length));
    }
    for (const [other, found] of drops) if (isRanked && ranked.includes(other)) {
      const at = found.findIndex((level) => level.includes(name));
      law("is dropped before the other, alone", levels, order.isSame(found[at], [name]) && found[at + 1][0] === other);
    }
    law("is dropped at the end", levels, !isRanked || order.isSame(ended.at(-1), [name]));
    const isAlone = levels.some((level) => order.isSame(level, [name]));
    law("comes back", levels, !isAlone || order.isSame(order.moved(up, name, 1), levels) || order.isSame(up, levels));
    law("is taken out", levels, same([...order.without(levels, name).flat(), ...(isRanked ? [name] : [])], ranked));
    law("is added last", levels, isRanked || order.isSame(order.added(levels, name), [...levels, [name]]));
    law("is left as it was given", levels, JSON.stringify(levels) === before);
  }
  return [all.length, faults];
}
"""


def test_every_step_keeps_what_is_ranked_and_leaves_no_empty_place(phones: Phones) -> None:
    phone = phones.phone(FOUR)
    # each option is left out, beside another, or at a place of its own
    assert phone.page.evaluate(LAWS, asset("order.js")) == [26, []]
