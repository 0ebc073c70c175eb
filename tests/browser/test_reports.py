"""The reports of coverage in a browser: on every screen, for everybody, by the policy that they come with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page

from competency_api.core.db import Database
from competency_api.interchange.cli import seed_if_empty
from tests.browser.conftest import Open
from tests.support.browsers import NARROW, WIDE, Heard, Partner, axe, screenshot
from tests.support.courses import a_file, a_provider, imported
from tests.support.keys import a_key, an_administrator, bearer
from tests.support.published import serving
from tests.support.sources import ROOT

REPORTS = {
    "coverage": "/api/v1/providers/gov/coverage.html?profile=R001&version=2.0.0&lang=en",
    "comparison": "/api/v1/providers/gov/coverage/comparison.html?older=1.0.0&version=2.0.0&lang=de",
    "comparison-privacy": "/api/v1/providers/gov/coverage/comparison.html?older=1.0.0&kind=privacy-concern&lang=fr",
    "comparison-profile": "/api/v1/providers/gov/coverage/comparison.html?older=1.0.0&profile=R001&lang=en",
}


@pytest.fixture
def served(sqlite_database: Database) -> Iterator[tuple[FlaskClient, str]]:
    """The starter taxonomy, and a provider with courses mapped as of its first version."""
    seed_if_empty(sqlite_database, ROOT / "seeds")
    an_administrator(sqlite_database)
    a_provider(sqlite_database)
    codes = [*(f"C{n:03}" for n in range(1, 30)), "P001", "P002", "P003", "P004", "T006", "Q001"]
    rows = ""
    for n, code in enumerate(codes):
        how, level = "teaches" if n % 11 else "assesses", 1 + n % 4 if code[0] == "C" else ""
        rows += f"SC-{n % 9},{code},{how},{level},{n % 7},1.0.0\n"
    courses = "external_id,title@en\n" + "".join(f"SC-{n},Course number {n}\n" for n in range(9))
    files = a_file(courses, "courses.csv"), a_file(f"course,concept,relation,level,hours,version\n{rows}")
    imported(sqlite_database, *files)
    with serving(sqlite_database.settings) as client:
        yield client, a_key(sqlite_database, "courses", organisation="gov")[0]


def shown(page: Page, partner: Partner, served: tuple[FlaskClient, str], name: str) -> None:
    answer = served[0].get(REPORTS[name], headers=bearer(served[1]))
    assert answer.status_code == 200, answer.text
    partner.show(page, f"/{name}", answer.text, answer.headers["Content-Security-Policy"])


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_no_report_breaks_wcag_its_policy_or_the_width_of_the_screen(
    open_page: Open, partner: Partner, served: tuple[FlaskClient, str], width: str
) -> None:
    page = open_page(viewport=WIDE if width == "wide" else NARROW)
    heard, faults = Heard.of(page), list[str]()
    for name in REPORTS:
        shown(page, partner, served, name)
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        faults += [f"{name}: {fault}" for fault in axe(page)] + ([f"{name}: {beyond} too wide"] if beyond > 0 else [])
        screenshot(page, f"reports/{name}-{width}")
    page.emulate_media(media="print")
    screenshot(page, f"reports/comparison-{width}-print")
    assert faults + [line for line in heard.lines if "favicon" not in line and "404" not in line] == []
