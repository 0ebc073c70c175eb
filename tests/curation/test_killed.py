"""A service that is killed while it accepts a proposal has accepted it as a whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from competency_api.core.db import Database
from competency_api.curation.lifecycle import State
from tests.support.campaigns import rounds
from tests.support.keys import an_administrator
from tests.support.processes import Aim, asked, killed_while, processes
from tests.support.proposals import an_edit, draft_of, partners, state_of, submitted
from tests.support.states import published

KILLS = rounds(10, 300)
PROPOSALS = "/api/v1/proposals"
CODES = ("C001", "C002", "C003", "T001", "D001")


def told(database: Database, proposal: str) -> list[int]:
    """How often the feed and the audit trail say that it was accepted."""
    with database.reading(fresh=True) as session:
        return [
            session.scalar(sa.text(f"SELECT count(*) FROM {table} WHERE {said}"), {"subject": f"proposal/{proposal}"})
            for table, said in (
                ("event", "subject = :subject AND type = 'proposal.accepted'"),
                ("audit_entry", "subject = :subject AND action = 'proposal.accepted'"),
            )
        ]


@pytest.mark.slow
@pytest.mark.campaign
def test_a_service_killed_while_it_accepts_has_accepted_all_or_nothing(
    database: Database, record_property: Callable[[str, object], None]
) -> None:
    record_property("rounds", KILLS)
    published(database)
    key, (author, _) = an_administrator(database), partners(database)
    aim, answered, cut_off = Aim(11), 0, 0
    with processes(database) as own:
        port = own.start()
        for number in range(KILLS):
            text = f"Written anew in round {number}, in enough words to say what it is."
            proposal = submitted(database, author, *(an_edit(code, text) for code in CODES))
            _, seen, _ = asked(port, key, f"{PROPOSALS}/{proposal}")
            asked(port, key, f"{PROPOSALS}/{proposal}/difference")

            def accept(at: int, proposal: str = proposal, seen: str = seen) -> int:
                fields = {"If_Match": seen, "Idempotency_Key": f"accept-{proposal}"}
                return asked(at, key, f"{PROPOSALS}/{proposal}/acceptance", {}, **fields)[0]

            status = killed_while(own, port, accept, aim)
            assert status in (200, 0)
            state, draft = state_of(database, author, proposal), draft_of(database)
            written = [draft[code].definition["en"] == text for code in CODES]
            assert (state, written, told(database, proposal)) in (
                (State.ACCEPTED, [True] * len(CODES), [1, 1]),
                (State.SUBMITTED, [False] * len(CODES), [0, 0]),
            )
            assert state is State.ACCEPTED or status == 0
            aim.was(late=status == 200)
            answered, cut_off = answered + (status == 200), cut_off + (state is State.SUBMITTED)
            # asked again, the service that comes after it accepts it, or tells that it was
            port = own.start()
            assert accept(port) == 200
            assert (state_of(database, author, proposal), told(database, proposal)) == (State.ACCEPTED, [1, 1])
    record_property("cut off", cut_off)
    assert answered > 0
    assert cut_off > 0
