"""The session of :mod:`tests.support.session` in browsers: three of its sixty, a facilitator, an organiser, the wall.

One of the three ranks by touch on the narrowest phone, one by keyboard only, one loses the network for a while.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.support.dragging import Finger, above, lift
from tests.support.session import CODE, COMMON_NEED, CONCLUSIONS, PLENARY, Levels, Session

Open = Callable[..., Page]
#: Is shown a page under a name: looks for faults, or takes a picture.
Look = Callable[[Page, str], None]
PHONE, TELEPHONE, DESK = {"width": 320, "height": 640}, {"width": 360, "height": 740}, {"width": 1440, "height": 900}
NEED = "<b>Negotiate</b> with data brokers"
KNOWN_NEED = "Apply the General Data Protection Regulation"
_LEVELS = f"topic => JSON.parse(localStorage.getItem('room/{CODE}')).ballots[topic].levels"
_MOST_TABS = 60
#: Milliseconds that a page may keep the room waiting: machines under load are slow.
_PATIENCE = 60_000


@dataclass
class Played:
    """What was seen while the session was played."""

    session: Session
    #: What the phone said while it had no network, and after.
    offline: list[str] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    #: The order of the first options on the wall, and on the result page.
    wall: list[str] = field(default_factory=list)
    page: list[str] = field(default_factory=list)
    own: str = ""
    paper: bytes = b""


@dataclass
class Room:
    """The browsers of the room."""

    session: Session
    opened: Open
    look: Look
    touch: Page = field(init=False)
    keys: Page = field(init=False)
    away: Page = field(init=False)
    wall: Page = field(init=False)
    facilitator: Page = field(init=False)

    def at(self, page: Page, path: str) -> Page:
        page.goto(f"{self.session.site}{path}")
        return page

    # -- before ------------------------------------------------------------------------------------------------------

    def gather(self) -> None:
        """Everybody joins: fifty-seven by the API, three with their own hands."""
        session = self.session
        session.act("/opening")
        self.wall = self.at(self.opened(viewport=DESK), f"/en/workshops/{CODE}/projector#key={session.key}")
        self.touch = self.at(self.opened(viewport=PHONE, has_touch=True), f"/en/join/{session.codes[3]}")
        self.look(self.touch, "join")
        self.touch.get_by_label("Where you come from").select_option("city")
        self.touch.get_by_role("button", name="Join").tap()
        self.keys = self.at(self.opened(viewport=DESK), "/es/join")
        reach(self.keys, "code")
        self.keys.keyboard.type(session.codes[4].lower())
        self.keys.keyboard.press("Enter")
        self.away = self.at(
            self.opened(viewport=TELEPHONE, has_touch=True, color_scheme="dark"), f"/de/join/{session.codes[5]}"
        )
        self.away.get_by_role("button", name="Teilnehmen").tap()
        for page in (self.touch, self.keys, self.away):
            page.wait_for_url("**/rank")
        session.fill({3: 1, 4: 1, 5: 1})
        expect(self.wall.locator("#codes li").first).to_contain_text("10 people")
        self.look(self.wall, "projector-codes")

    # -- ranking -----------------------------------------------------------------------------------------------------

    def open_contents(self) -> None:
        address = f"/en/workshops/{CODE}/facilitate#key={self.session.keys[3]}"
        self.facilitator = self.at(self.opened(viewport=DESK), address)
        self.facilitator.locator("#minutes-contents").fill("15")
        self.facilitator.locator("#open-contents").click()
        expect(self.facilitator.locator("#told")).to_have_text("The topic is open.")
        assert "key" not in self.facilitator.url

    def rank_by_touch(self) -> Levels:
        page = self.touch
        for name in ("C005", "C017", "C002"):
            page.locator(f"#add-{name}").tap()
        finger = Finger(page)
        lift(finger, page, "C002")
        finger.carry(*above(page, "C017"))
        finger.release()
        tie = page.locator("#tie-C017")
        tie.click()
        expect(tie).to_have_attribute("aria-pressed", "true")
        return self._sent(page, "Sent at")

    def rank_by_keyboard(self) -> Levels:
        page = self.keys
        expect(page.locator("#add-C001")).to_be_visible()
        reach(page, "filter")
        page.keyboard.type("datos")
        reach(page, "add-")
        for _ in range(3):
            page.keyboard.press("Enter")
        reach(page, "grip-", back=True)
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        return self._sent(page, "Enviado a las")

    def rank_offline(self, played: Played) -> Levels:
        """The network goes, the page is used all the same, the network comes back."""
        page, told = self.away, self.away.locator("#told")
        expect(page.locator("#add-C023")).to_be_visible()
        page.context.set_offline(True)
        for name in ("C023", "C045", "C020"):
            page.locator(f"#add-{name}").tap()
        expect(told).to_contain_text("keine Verbindung")
        played.offline.append(told.inner_text())
        played.counts.append(self.session.ask("GET", "/topics/contents/ballots")["ballots"])
        self.look(page, "rank-offline")
        page.context.set_offline(False)
        levels = self._sent(page, "Gesendet um")
        played.offline.append(told.inner_text())
        played.counts.append(self.session.ask("GET", "/topics/contents/ballots")["ballots"])
        return levels

    def _sent(self, page: Page, words: str) -> Levels:
        expect(page.locator("#told")).to_contain_text(words)
        levels: Levels = page.evaluate(_LEVELS, "contents")
        return levels

    # -- needs -------------------------------------------------------------------------------------------------------

    def moderate(self) -> Levels:
        """A need is typed on the phone, seen by the facilitator as it was typed, released, and ranked first."""
        self.touch.locator("#text").fill(NEED)
        self.touch.get_by_role("button", name="Send to the facilitator").tap()
        expect(self.touch.locator("#need-told")).to_contain_text("Sent.")
        self.session.need(3, KNOWN_NEED)
        cards = self.facilitator.locator("#needs .card")
        expect(cards).to_have_count(2)
        self.look(self.facilitator, "facilitator")
        self._card(KNOWN_NEED).locator("[data-merge=C017]").click()
        expect(cards).to_have_count(1)
        self._card(NEED).get_by_role("button", name="Release to the table").click()
        expect(cards).to_have_count(0)
        self.touch.locator("#topic-contents").tap()
        new = self.touch.locator("#rest button", has_text=NEED)
        option = str(new.get_attribute("data-option"))
        new.tap()
        for _ in range(2):
            self.touch.locator(f"#up-{option}").click()
        levels = self._sent(self.touch, "Sent at")
        self.look(self.touch, "rank")
        return levels

    def _card(self, text: str) -> Locator:
        return self.facilitator.locator("#needs .card").filter(has=self.facilitator.get_by_text(text, exact=True))

    def change_tables(self) -> None:
        """Everybody sits down at the next table, for the second round; on the phone with one's own hands."""
        self.session.change_tables()
        page = self.touch
        page.get_by_text("Change to another table").tap()
        page.get_by_label("Code of the other table").fill(self.session.codes[4])
        page.get_by_role("button", name="Change", exact=True).tap()
        expect(page.locator("#table")).to_contain_text("Table 4")

    # -- after -------------------------------------------------------------------------------------------------------

    def conclude(self) -> None:
        """The facilitator of table 3 on the page, the others by the API; then the organiser closes and reports."""
        session = self.session
        self.facilitator.locator("#conclusion-contents").fill(CONCLUSIONS[2])
        self.facilitator.locator("#sign-contents").click()
        expect(self.facilitator.locator("#told")).to_have_text("Signed and kept.")
        for table, text in enumerate(CONCLUSIONS, 1):
            if table != 3:
                path = f"/tables/{table}/conclusions/contents"
                session.ask("PUT", path, {"text": {"en": text}}, session.keys[table], If_None_Match="*")
        session.ask("PUT", "/report/text", {"text": {"en": PLENARY}}, If_None_Match="*")

    def close(self) -> None:
        page = self.at(self.opened(viewport=DESK), f"/en/workshops/{CODE}/facilitate#key={self.session.key}")
        page.get_by_text("Close the workshop …").click()
        page.get_by_role("button", name="Close it now").click()
        page.get_by_role("button", name="Publish the result").click()
        expect(page.locator("#state")).to_have_text("Reported")
        self.touch.evaluate("dispatchEvent(new Event('online'))")  # it looks now, and not when it would again
        expect(self.touch.locator("#gone")).to_contain_text("no longer in this workshop")


def reach(page: Page, name: str, *, back: bool = False) -> None:
    """Press the tabulator until the focus is on the element whose id begins so."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate("name => document.activeElement.id.startsWith(name)", name):
            return
    raise AssertionError(f"no way to {name} by keyboard")


def first_names(items: Locator) -> list[str]:
    return [text.strip() for text in items.all_inner_texts()]


def play(session: Session, opened: Open, look: Look) -> Played:
    """Play the whole of it. ``look`` is shown every page once."""
    expect.set_options(timeout=_PATIENCE)
    played, room = Played(session), Room(session, opened, look)
    room.gather()
    room.open_contents()
    need = session.need(5, COMMON_NEED)
    session.ask("POST", f"/topics/contents/needs/{need}/release", {"everyone": True})
    session.vote("contents")
    session.note("contents", 4, None, room.rank_by_keyboard())
    room.rank_by_touch()
    session.note("contents", 5, None, room.rank_offline(played))
    session.note("contents", 3, "city", room.moderate())
    telling = sum(1 for ballot in session.cast["contents"] if ballot.levels)
    expect(room.wall.locator("#counted")).to_have_text(f"{telling} ballots")
    played.wall = first_names(room.wall.locator("#bars .naming"))
    look(room.wall, "projector")
    room.facilitator.locator("#close-contents").click()
    room.change_tables()
    for topic in ("methodology", "duration", "framework", "population"):
        session.act(f"/topics/{topic}/opening", {})
        session.vote(topic)
        session.act(f"/topics/{topic}/closing")
    room.conclude()
    room.close()
    read(room, played)
    return played


def read(room: Room, played: Played) -> None:
    """What everybody can read afterwards, on a wide screen, on a phone, on paper; without a script."""
    page = room.at(room.opened(viewport=DESK, java_script_enabled=False), f"/en/workshops/{CODE}")
    played.page = first_names(page.locator("section.topic").first.locator(".standings tbody th"))
    played.own = page.locator("section.topic").first.locator("ul li").filter(has_text="table 3").inner_text()
    wide = room.at(room.opened(viewport=DESK), f"/en/workshops/{CODE}")
    room.look(wide, "result")
    room.look(room.at(wide, f"/es/workshops/{CODE}/report"), "report")
    played.paper = wide.pdf()
    room.look(room.at(wide, "/en/workshops"), "list")
    narrow = room.opened(viewport=PHONE, color_scheme="dark")
    room.look(room.at(narrow, f"/en/workshops/{CODE}"), "result-phone")


def results_of(session: Session) -> dict[str, Any]:
    """Every topic's result as everybody may read it."""
    names = [topic["name"] for topic in session.ask("GET", "/topics")["items"]]
    return {name: session.call("GET", f"/workshops/{CODE}/topics/{name}/results")[0] for name in names}
