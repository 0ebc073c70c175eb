"""A small workshop in a running service, and phones in it: for tests of what one person does with a ballot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, expect

from competency_api.core.config import Settings
from competency_api.core.db import Database
from tests.support.asking import Service
from tests.support.keys import a_key, an_organisation, bearer
from tests.support.workshops import BASE, TOKEN, a_workshop

PHONE = {"width": 320, "height": 640}
TOPIC = "food"
#: More than a phone shows at once.
OPTIONS = tuple("abcdefghijkl")
Levels = list[list[str]]


@dataclass
class Phones:
    """An open workshop with two tables and an open topic; whoever closes it opens it again."""

    service: Service
    key: str
    #: Opens an empty page in a browser of its own; whoever holds the phones says how.
    opened: Callable[..., Page] | None = None
    code: str = "kitchen"
    codes: dict[int, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, **fields: str) -> Any:
        """Of the workshop, as its organiser unless other fields say who asks."""
        who = fields if TOKEN in fields else bearer(self.key, **fields)
        return self.service.call(method, f"/workshops/{self.code}{path}", body, **who)[0]

    def act(self, path: str) -> Any:
        """A step from the state that is there."""
        shown = f"/workshops/{self.code}{path.rpartition('/')[0]}"
        tag = self.service.call("GET", shown, **bearer(self.key))[1]["ETag"]
        return self.ask("POST", path, {} if path.startswith("/topics/") and "opening" in path else None, If_Match=tag)

    def prepare(self) -> None:
        self.service.call("POST", "/workshops", a_workshop(code=self.code), **bearer(self.key))
        for number in (1, 2):
            self.codes[number] = self.ask("POST", "/tables", {})["join_code"]
        options = [{"name": name, "texts": {"en": f"Option {name}"}} for name in OPTIONS]
        topic = {"name": TOPIC, "question": {"en": "What first?"}, "options": options, "takes_needs": True}
        self.ask("POST", "/topics", topic)
        self.act("/opening")
        self.act(f"/topics/{TOPIC}/opening")

    def join(self, table: int = 1) -> str:
        return str(self.service.call("POST", "/workshops/participants", {"code": self.codes[table]})[0]["token"])

    def vote(self, token: str, levels: Levels) -> None:
        self.ask("PUT", f"/topics/{TOPIC}/ballots/mine", {"levels": levels}, **{TOKEN: token})

    def phone(self, levels: Levels, *, table: int = 1) -> Phone:
        """In the hand of somebody who has ranked so already."""
        assert self.opened is not None
        page = self.opened(viewport=PHONE, has_touch=True)
        joined = page.request.post(f"{self.service.site}{BASE}/participants", data={"code": self.codes[table]})
        token = str(joined.json()["token"])
        self.vote(token, levels)
        page.add_init_script(f"localStorage['room/{self.code}'] ??= JSON.stringify({{token: '{token}'}})")
        page.goto(f"{self.service.site}/en/workshops/{self.code}/rank")
        phone = Phone(self, page, token)
        expect(phone.items).to_have_count(sum(map(len, levels)))
        return phone


@dataclass
class Phone:
    """The page on which somebody ranks."""

    phones: Phones
    page: Page
    token: str

    @property
    def items(self) -> Locator:
        return self.page.locator("#ranked li")

    @property
    def order(self) -> list[str]:
        """The options from best to worst as they are shown."""
        return list(self.items.evaluate_all("items => items.map((item) => item.dataset.option)"))

    @property
    def told(self) -> Locator:
        return self.page.locator("#told")

    def wake(self) -> None:
        """Look now what is new: every few seconds the page does so by itself."""
        self.page.evaluate("dispatchEvent(new Event('online'))")

    def reached(self, *, is_reached: bool) -> None:
        """Whether the phone has a network."""
        self.page.context.set_offline(not is_reached)

    def sent(self) -> Mapping[str, Any]:
        """The ballot that the service has, when the page says that it was sent."""
        expect(self.told).to_contain_text("Sent at")
        return self.ballot()

    def ballot(self) -> Mapping[str, Any]:
        """The one that the service has."""
        found: Mapping[str, Any] = self.phones.ask("GET", f"/topics/{TOPIC}/ballots/mine", **{TOKEN: self.token})
        return found


@contextmanager
def some_phones(environ: Mapping[str, str]) -> Iterator[Phones]:
    """In the service that runs with these settings."""
    database = Database(Settings.from_env(environ))
    try:
        an_organisation(database, "porto", "partner")
        key, _ = a_key(database, "workshops", organisation="porto")
    finally:
        database.close()
    with Service(f"http://127.0.0.1:{environ['PORT']}") as asked:
        phones = Phones(asked, key)
        phones.prepare()
        yield phones
