"""A worker that dies while it makes suggestions for a catalogue has made the whole list, or nothing of it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from competency_api.core.db import Database
from competency_api.courses.suggestions.service import KEPT_LISTS
from competency_api.jobs.worker import Worker
from competency_api.operations.worker import HANDLERS
from tests.support.campaigns import rounds
from tests.support.processes import Processes, processes
from tests.support.suggesting import Asking, asking

KILLS = rounds(3, 300)
#: Kills fall evenly before this share of what the whole takes.
LONGEST = 1.2
COURSES, OF_EACH = 6, 3
#: Of a list: how many there were, courses it was made for, suggestions it tells, suggestions that are kept of all.
State = tuple[int, int, int, int]


def stored(database: Database) -> tuple[State, str]:
    """What the newest list says, and the state of the newest job."""
    newest = "FROM suggestion_list ORDER BY id DESC LIMIT 1"
    questions = (f"id {newest}", f"courses {newest}", f"suggestions {newest}", "count(*) FROM suggestion")
    with database.reading(fresh=True) as session:
        # the job first: what a database still does for one that was killed may come between
        job = session.scalar(sa.text("SELECT state FROM job ORDER BY id DESC LIMIT 1"))
        lists = [session.scalar(sa.text(f"SELECT {question}")) or 0 for question in questions]
    return (lists[0], lists[1], lists[2], lists[3]), str(job)


def made(lists: int) -> State:
    """What is stored after so many lists."""
    each = COURSES * OF_EACH
    return (lists, COURSES, each, each * min(lists, KEPT_LISTS)) if lists else (0, 0, 0, 0)


def wait_until_done(database: Database, work: Callable[[], object]) -> float:
    """The seconds that it took."""
    began = time.monotonic()
    while stored(database)[1] != "done":
        work()
    return time.monotonic() - began


def submit(gov: Asking) -> None:
    gov.ask("POST", "suggestions", 202, json={})


@pytest.mark.slow
@pytest.mark.campaign
def test_a_worker_killed_while_it_suggests_has_made_a_whole_list_or_none_and_the_next_makes_it_once(
    database: Database, record_property: Callable[[str, object], None]
) -> None:
    record_property("rounds", KILLS)
    next_worker = Worker(database, database.settings, HANDLERS)
    cut_off = 0
    with asking(database) as (gov, _), processes(database, JOB_TAKEOVER_SECONDS="0.1") as own:
        for number in range(COURSES):
            gov.course(f"SC-{number}")
        usual = undisturbed(database, gov, own)
        for number in range(1, KILLS + 1):
            submit(gov)
            worker = own.do_jobs()
            time.sleep((number - 1) / KILLS * LONGEST * usual)
            own.kill(worker)
            found, job = stored(database)
            assert found in (made(number), made(number + 1))
            assert job != "done" or found == made(number + 1)
            cut_off += job != "done"
            # who comes next does what is left, as soon as the one that died has no claim to it any more
            wait_until_done(database, next_worker.run_once)
            assert stored(database)[0] == made(number + 1)
    record_property("cut off", cut_off)
    assert cut_off > 0


def undisturbed(database: Database, gov: Asking, own: Processes) -> float:
    """The seconds in which a worker makes a list."""
    submit(gov)
    worker = own.do_jobs()
    seconds = wait_until_done(database, lambda: time.sleep(0.005))
    own.kill(worker)
    assert stored(database) == (made(1), "done")
    return seconds
