"""A workshop set up by its organiser on the page, from the first mistake to somebody who joins by a printed card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from competency_api.rooms.screen import asset
from tests.browser.conftest import Open
from tests.support.browsers import Heard, axe, screenshot
from tests.support.playing import PHONE, reach

#: What a page writes down, as its script has it.
ENTRIES: dict[str, Any] = {
    "languages": ["en", "es"],
    "texts": {
        "en": {"title": "What we need", "place": "", "purpose": ""},
        "es": {"title": "", "place": "", "purpose": ""},
    },
    "starts": "2026-12-12T09:00",
    "ends": "2026-12-12T13:00",
    "zone": "europe/madrid",
    "version": "2.0.0",
    "rounds": [{"title": "Talk", "minutes": 30}],
    "tables": [{"name": "", "challenge": "x001 Disciplines to engage"}, {"name": "Window", "challenge": ""}],
    "topics": [
        {"name": "contents", "round": 1, "filters": {"kind": ["competency"]}},
        {"name": "duration", "round": None},
    ],
    "offered": ["contents", "duration"],
}
TEMPLATE = [{"name": name, "question": {"en": name}, "takes_needs": True, "options": []} for name in ENTRIES["offered"]]


@pytest.fixture
def plan(site: str, open_page: Open) -> Callable[..., Any]:
    """Calls a function of the script that knows no page."""
    page = open_page()
    page.goto(f"{site}/en/join")
    script = "async ([address, name, given]) => (await import(address))[name](...given)"
    return lambda name, *given: page.evaluate(script, [asset("plan.js"), name, given])


def test_entries_become_what_the_service_takes(plan: Callable[..., Any]) -> None:
    assert plan("faultsOf", ENTRIES) == []
    body = plan("bodyOf", ENTRIES, TEMPLATE)
    assert (body["title"], body["place"], body["time_zone"]) == ({"en": "What we need"}, {}, "Europe/Madrid")
    assert (body["starts_at"], body["ends_at"]) == ("2026-12-12T08:00:00Z", "2026-12-12T12:00:00Z")
    assert (body["rounds"], body["tables"]) == (
        [{"title": {"en": "Talk"}, "minutes": 30}],
        [{"challenge": "X001"}, {"name": "Window"}],
    )
    assert [(topic["name"], topic["round"], sorted(topic)) for topic in body["topics"]] == [
        ("contents", 1, ["filters", "name", "question", "round", "takes_needs"]),
        ("duration", None, ["name", "options", "question", "round", "takes_needs"]),
    ]
    # summer time, the hour that is left out, the hour that is there twice, and no time at all
    times = ("2026-07-12T09:00", "2026-03-29T02:30", "2026-10-25T02:30", "tomorrow")
    assert [plan("momentOf", time, "Europe/Madrid") for time in times] == [
        "2026-07-12T07:00:00Z",
        "2026-03-29T01:30:00Z",
        "2026-10-25T00:30:00Z",
        None,
    ]


def test_each_mistake_is_of_a_field(plan: Callable[..., Any]) -> None:
    nothing = {"title": " ".strip(), "place": "", "purpose": ""}
    wrong = ENTRIES | {
        "texts": {"en": nothing, "es": nothing},
        "ends": "2026-12-12T08:00",
        "zone": "+01:00",
        "rounds": [{"title": "", "minutes": 0}],
        "tables": [{"name": "", "challenge": "privacy"}],
        "topics": [],
    }
    assert [(fault["field"], fault["key"]) for fault in plan("faultsOf", wrong)] == [
        ("title-en", "setup.fault.title"),
        ("ends", "setup.fault.order"),
        ("zone", "setup.fault.zone"),
        ("minutes-1", "setup.fault.minutes"),
        ("topic-contents", "setup.fault.topics"),
        ("challenge-1", "setup.fault.challenge"),
    ]
    empty = ENTRIES | {"languages": [], "starts": "", "ends": "", "zone": " ", "tables": []}
    assert [fault["field"] for fault in plan("faultsOf", empty)] == ["language-en", "starts", "ends", "zone", "tables"]
    pointers = [
        "/tables/1/challenge",
        "/title",
        "/title/es",
        "/topics/1/filters",
        "/rounds/0/title",
        "/tables",
        "/code",
    ]
    assert [plan("fieldOf", pointer, ENTRIES) for pointer in pointers] == [
        *("challenge-2", "title-en", "title-es", "topic-duration", "round-1", "tables", None),
    ]


def inspected(page: Page, name: str) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert axe(page) == []
    screenshot(page, f"rooms/{name}")


def test_a_workshop_is_set_up_printed_opened_and_joined(site: str, organiser: str, open_page: Open) -> None:
    page = open_page(timezone_id="Europe/Madrid")
    heard = Heard.of(page)
    page.goto(f"{site}/en/organise")
    page.get_by_label("Key").fill(organiser)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your organisation has no workshop yet.")).to_be_visible()
    page.get_by_role("link", name="Set up a workshop").click()
    written_down(page)
    lose_the_first_answer(page)
    page.locator("#create").click()
    page.wait_for_url("**/prepare")
    cards = page.locator(".table-card")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text("What must a programme manager understand about technologies and tools?")
    links = page.locator("#secrets input")
    expect(links).to_have_count(2)
    inspected(page, "prepare")
    given = [links.nth(number).input_value() for number in range(2)]
    page.reload()
    expect(links).to_have_count(2)
    assert [links.nth(number).input_value() for number in range(2)] == given
    assert page.pdf().count(b"/Type /Page\n") == 1  # two cards on it
    page.emulate_media(media="print")
    expect(page.locator("#secrets")).to_be_hidden()
    screenshot(page, "rooms/cards")
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Our workshops").click()
    expect(page.locator("#workshops .card")).to_have_count(1)  # although it was sent twice
    inspected(page, "organise")
    page.get_by_role("link", name="Lead it").click()
    page.get_by_role("button", name="Open the workshop").click()
    expect(page.locator("#state")).to_have_text("Going on")
    page.locator("#organising").get_by_role("link", name="Cards and keys").click()
    joined(site, open_page, cards.first.locator("code").inner_text(), given[1])
    assert [line for line in heard.lines if line.startswith("uncaught")] == []


def written_down(page: Page) -> None:
    """By keyboard where the browser lets keys alone; with every kind of mistake first."""
    expect(page.locator("#zone")).to_have_value("Europe/Madrid")
    reach(page, "title-en")
    page.keyboard.press("Enter")
    expect(page.locator("#faults li")).to_have_text(
        ["The title is missing.", *(f"Say on which day and at what time it {does}." for does in ("starts", "ends"))]
    )
    inspected(page, "set-up-mistakes")
    reach(page, "title-en")
    page.keyboard.type("What smart cities need")
    expect(page.locator("#title-en-fault")).to_be_hidden()
    page.locator("#starts").fill("2026-12-12T09:00")
    page.locator("#ends").fill("2026-12-12T13:00")
    page.locator("#tables").fill("2")
    page.locator("#discipline-D001").check()
    expect(page.locator("#counted")).to_have_text("5 options")
    reach(page, "challenge-1")
    page.keyboard.type("technologies")
    expect(page.locator("#found-1 button").first).to_contain_text("Understanding technologies and tools")
    screenshot(page, "rooms/set-up-choosing")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.reload()
    expect(page.locator("#discipline-D001")).to_be_checked()
    expect(page.locator("#challenge-1")).to_have_value("X002 Understanding technologies and tools")
    expect(page.locator("#starts")).to_have_value("2026-12-12T09:00")


def lose_the_first_answer(page: Page) -> None:
    """The workshop is made, but the page does not hear of it."""

    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/v1/workshops", lost, times=1)


def joined(site: str, open_page: Open, code: str, link: str) -> None:
    """Somebody types the code of a card, and a facilitator follows the link of their table."""
    phone = open_page(viewport=PHONE)
    phone.goto(f"{site}/en/join")
    phone.get_by_label("Code of your table").fill(code)
    phone.get_by_role("button", name="Join").click()
    phone.wait_for_url("**/rank")
    expect(phone.locator("#table")).to_contain_text("1")
    facilitator = open_page(viewport=PHONE)
    facilitator.goto(link)
    expect(facilitator.locator("#table option")).to_have_text(["Table 2"])
    expect(facilitator.locator("#organising")).to_be_hidden()


def test_the_pages_fit_the_narrowest_phone_in_the_dark(site: str, organiser: str, open_page: Open) -> None:
    page = open_page(viewport=PHONE, color_scheme="dark")
    page.goto(f"{site}/de/organise/new#key={organiser}")
    expect(page.locator("#disciplines input").first).to_be_visible()
    page.locator("#tables").fill("1")
    page.get_by_role("button", name="Workshop anlegen").click()
    expect(page.locator("#faults")).to_be_focused()
    inspected(page, "set-up-phone")


def test_without_a_script_the_page_says_what_it_needs(site: str, open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{site}/en/organise/new")
    assert "This page needs JavaScript" in page.inner_text("main")
    assert page.locator("main a").all_inner_texts() == ["How to run a workshop"]
