"""The session of 2018, played: sixty people at six tables, three of them in browsers, from the codes to the report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from competency_api.workshops.ranking import Ballot, rank_topic
from tests.browser.conftest import PATIENCE
from tests.support.browsers import Heard, axe, screenshot
from tests.support.playing import NEED, Played, play, results_of
from tests.support.session import SEATS, TABLES, a_session

#: Long pages that nobody goes on with.
STILL = ("result", "report", "result-phone")


@pytest.fixture(scope="module")
def faults() -> list[str]:
    """What was wrong with the pages that were looked at."""
    return []


@pytest.fixture(scope="module")
def played(browser: Browser, room_service: dict[str, str], faults: list[str]) -> Iterator[Played]:
    with ExitStack() as stack:

        def opened(**options: Any) -> Page:
            context = browser.new_context(**{"locale": "en-GB", "reduced_motion": "reduce"} | options)
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            heard = Heard.of(page)
            stack.callback(lambda: faults.extend(line for line in heard.lines if line.startswith("uncaught")))
            return page

        session = stack.enter_context(a_session(room_service))
        yield play(session, opened, lambda page, name: inspect(page, name, faults))


#: Rows of a list are alike, and so are topics: of many the first ones and the last one are looked at closely.
SHORTEN = """() => {
  const thin = (alike, first) => [...alike].slice(first, -1).forEach((each) => each.remove());
  thin(document.querySelectorAll("section.topic"), 1);
  document.querySelectorAll("tbody, ol, ul").forEach((list) => thin(list.children, 3));
}"""


def inspect(page: Page, name: str, faults: list[str]) -> None:
    beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    wide = [f"{beyond} pixels too wide"] if beyond > 0 else []
    if name in STILL:
        page.evaluate(SHORTEN)
    faults += [f"{name}: {fault}" for fault in (*axe(page), *wide)]
    screenshot(page, f"rooms/{name}")


def test_no_page_of_the_session_breaks_wcag_or_the_width_of_the_screen(played: Played, faults: list[str]) -> None:
    assert played.page
    assert faults == []


def test_what_the_service_says_is_what_the_ballots_say(played: Played) -> None:
    results = results_of(played.session)
    assert list(results) == ["contents", "methodology", "duration", "framework", "population"]
    for topic, result in results.items():
        options = [option["name"] for option in result["options"] if option["table"] is None]
        counted = rank_topic(options, [within(options, ballot) for ballot in played.session.cast[topic]])
        said = {standing["option"]: standing["place"] for standing in result["overall"]["standings"]}
        assert said == {standing.option: standing.place for standing in counted.overall.standings}
        assert [tuple(row) for row in result["overall"]["matrix"]] == list(counted.overall.above)
        assert {table: ranking["ballots"] for table, ranking in result["tables"].items() if table != "3"} == {
            table: ranking.ballots for table, ranking in counted.tables.items() if table != "3"
        }
        assert set(result["tables"]) == set("123456")
        assert sorted(result["groups"]) == sorted(counted.groups)
        assert result["withheld"] == list(counted.withheld)


def within(options: list[str], ballot: Ballot) -> Ballot:
    """The ballot without what only its own table could rank: that counts in the table's result."""
    levels = (tuple(name for name in level if name in options) for level in ballot.levels)
    return Ballot(levels=tuple(level for level in levels if level), table=ballot.table, group=ballot.group)


def test_everybody_has_one_ballot_on_each_topic_that_they_answered(played: Played) -> None:
    overall = {topic: result["overall"] for topic, result in results_of(played.session).items()}
    assert overall["contents"]["ballots"] + overall["contents"]["blank"] == TABLES * SEATS
    assert overall["duration"]["ballots"] + overall["duration"]["blank"] == TABLES * SEATS - 3


def test_a_ballot_that_was_made_without_a_network_is_said_to_be_kept_and_arrives(played: Played) -> None:
    before, after = played.counts
    assert after == before + 1
    assert "Auf diesem Telefon behalten" in played.offline[0]
    assert "Gesendet um" in played.offline[1]


def test_wall_and_page_show_the_same_order_and_a_need_as_it_was_typed(played: Played) -> None:
    assert len(played.wall) == 12
    assert [shown in line for shown, line in zip(played.wall, played.page, strict=False)] == [True] * 12
    assert played.own == f"{NEED}: table 3, place 10 of 70"


def test_the_report_can_be_printed(played: Played) -> None:
    assert played.paper.startswith(b"%PDF")
