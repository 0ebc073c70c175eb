"""The example in docs/examples/session-2018: the session is played, its report and its pictures are written.

python -m tests.support.session_pictures
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from competency_api.core.site import SITE_LANGUAGES
from competency_api.rooms.outcome import Outcome
from competency_api.rooms.screen import texts_of
from tests.support.browsers import running_browser
from tests.support.playing import play, results_of
from tests.support.running import environment, free_port, service
from tests.support.session import CONCLUSIONS, PLENARY, SEATS, TABLES, WORKSHOP, a_session
from tests.support.sources import ROOT

FOLDER = ROOT / "docs" / "examples" / "session-2018"
#: The pictures in the order of the page, with what is to be seen on them.
PICTURES = {
    "projector-codes": "The wall before it begins: a code for each table",
    "join": "Joining, on a phone of 320 pixels",
    "rank": "Ranking on the same phone, with a need that was typed at the table",
    "rank-offline": "The network is gone; the ballot is kept, and sent when it is back",
    "facilitator": "The facilitator of table 3: two needs to look at",
    "projector": "The wall while people rank: provisional, and says so",
    "result": "The result as everybody reads it",
    "result-phone": "The same on a phone",
    "report": "The report to print, in Spanish",
}
#: What a picture begins with, where that is not the beginning of the page.
PLACES = {
    "rank": "#choosing",
    "rank-offline": "#choosing",
    "result": "#topic-contents",
    "result-phone": "#topic-contents",
}
#: Below what stays at the top of a phone's screen.
_BEGIN = """place => {
  document.querySelector(place)?.scrollIntoView();
  if (place === "#choosing") scrollBy(0, -document.querySelector("#told").offsetHeight);
}"""
#: Rows of a ranking on the page; the whole of it is in the files that the service gives.
_ROWS = 10


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        environ = environment(Path(folder), free_port(), WORKERS="1", LOG_LEVEL="error")
        stack.enter_context(service(environ))
        browser = stack.enter_context(running_browser())

        def opened(**options: Any) -> Page:
            context = browser.new_context(**{"locale": "en-GB", "reduced_motion": "reduce"} | options)
            stack.callback(context.close)
            context.set_default_timeout(60_000)
            return context.new_page()

        played = play(stack.enter_context(a_session(environ)), opened, _picture)
        results = results_of(played.session)
    (FOLDER / "README.md").write_text(_report(results), "utf-8")


def _picture(page: Page, name: str) -> None:
    """What a person sees first: not the whole of a page, which may be long."""
    if name in PICTURES:
        page.evaluate(_BEGIN, PLACES.get(name, "body"))
        page.wait_for_timeout(300)  # pictures of codes are loaded, bars are drawn
        page.screenshot(path=FOLDER / f"{name}.png")


def _report(results: Mapping[str, Any]) -> str:
    t = texts_of("en")
    shown = [f"![{text}]({name}.png)\n\n*{text}.*" for name, text in PICTURES.items()]
    topics = [_topic(Outcome(result, t)) for result in results.values()]
    concluded = [f"- Table {number}: {text}" for number, text in enumerate(CONCLUSIONS, 1)]
    parts = [_OPENING, *shown, "## What came out", *topics, "## What the tables concluded", "\n".join(concluded)]
    return "\n\n".join([*parts, "## What the plenary reported", PLENARY.replace("\n", " ")]) + "\n"


def _topic(outcome: Outcome) -> str:
    rows = [
        f"| {row['place']} | {row['label'].text} | {outcome.percent(row['share'])} % | {row['firm']} |"
        for row in outcome.rows
    ]
    pair = outcome.pairs[0]
    return "\n".join(
        [
            f"### {outcome.question.text}",
            "",
            f"{outcome.overall['ballots']} ballots, {outcome.overall['blank']} blank; agreement of the tables "
            f"{outcome.figure(outcome.result['agreement_of_tables'])}; furthest apart: table {pair['a']} and table "
            f"{pair['b']} (tau {outcome.figure(pair['tau'])}).",
            "",
            "| place | option | share of points | places in nine of ten rooms drawn again |",
            "|---|---|---|---|",
            *rows[:_ROWS],
        ]
    )


_OPENING = f"""# A session, played

{WORKSHOP["purpose"]["en"]}

The partnership held such a session in 2018, on paper. This one was played by a test, against the running service, with
{TABLES} tables and {TABLES * SEATS} participants: all but three by the API, three in browsers (by touch, by keyboard
only, and with the network gone for a while). After the first topic all but two sat down at the next table. Who wanted
what is made up, with a fixed seed; the topics are those of the template `world-cafe`, the contents are the competencies
of the starter taxonomy.

`make example` plays it again and writes this page with its pictures. How the figures are to be read stands in
[How ballots become a result](../../reference/ranking.md). The pages exist in {len(SITE_LANGUAGES)} languages."""

if __name__ == "__main__":
    main()
