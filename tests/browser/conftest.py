"""One browser and one service for each process of the suite; what a test opens in them is its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from competency_api.core.config import Settings
from competency_api.core.db import Database
from tests.support.browsers import WIDE, Heard, Partner, partner_site, running_browser
from tests.support.keys import a_key, an_organisation
from tests.support.phones import Phones, some_phones
from tests.support.running import environment, free_port, service
from tests.support.shelves import stack

#: Milliseconds that a page may keep a test waiting: machines under load are slow, and no defect of the code.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with running_browser() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a running service."""
    port = free_port()
    environ = environment(tmp_path_factory.mktemp("site"), port, WORKERS="1", REQUESTS_PER_MINUTE_ADDRESS="0")
    with service(environ):
        stack(environ["DATABASE_URL"])
        yield environ


@pytest.fixture(scope="session")
def site(_running: dict[str, str]) -> str:
    """The origin of a running service over the starter taxonomy and some courses, as its users run it: for tests that
    change nothing which the public sees.
    """
    return f"http://127.0.0.1:{_running['PORT']}"


@pytest.fixture(scope="session")
def organiser(_running: dict[str, str]) -> str:
    """A key there of an organisation that holds workshops."""
    with closing(Database(Settings.from_env(_running))) as database:
        an_organisation(database, "valencia", "partner")
        return a_key(database, "workshops", organisation="valencia")[0]


@pytest.fixture(scope="session")
def room_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The settings of a running service for tests that hold workshops in it, each its own."""
    environ = environment(tmp_path_factory.mktemp("room"), free_port(), WORKERS="1", LOG_LEVEL="warning")
    with service(environ):
        yield environ


@pytest.fixture(scope="session")
def _kitchen(room_service: dict[str, str]) -> Iterator[Phones]:
    with some_phones(room_service) as phones:
        yield phones


@pytest.fixture
def phones(_kitchen: Phones, open_page: Open) -> Iterator[Phones]:
    """An open workshop, and phones in it; none of their scripts may fail."""
    heard: list[Heard] = []

    def opened(**options: Any) -> Page:
        page = open_page(**options)
        heard.append(Heard.of(page))
        return page

    yield dataclasses.replace(_kitchen, opened=opened)
    assert [line for known in heard for line in known.lines if line.startswith("uncaught")] == []


@pytest.fixture(scope="session")
def _partner_site() -> Iterator[Partner]:
    with partner_site() as partner:
        yield partner


@pytest.fixture
def partner(_partner_site: Partner) -> Iterator[Partner]:
    """A web site of another origin than the service's, empty at first."""
    yield _partner_site
    _partner_site.pages.clear()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens empty pages, each with cookies, storage and cache of its own: ``open_page(color_scheme="dark")``."""
    with ExitStack() as stack:

        def opened(**options: Any) -> Page:
            context = browser.new_context(**{"viewport": WIDE, "locale": "en-GB", "reduced_motion": "reduce"} | options)
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE)
            return context.new_page()

        yield opened
