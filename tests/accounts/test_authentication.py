from __future__ import annotations

import datetime as dt
import threading
from itertools import pairwise
from unittest.mock import patch

import pytest

from competency_api.accounts import queries, service
from competency_api.accounts.authentication import LastUses, acting, authenticate
from competency_api.accounts.values import COMMAND_LINE, SCOPES_OF_ROLE, Role, Scope, require_scope
from competency_api.core import clock
from competency_api.core.db import Database
from competency_api.core.errors import Forbidden, InvalidKey, ServiceError
from tests.support.keys import a_key, a_person, an_actor, an_organisation

ANY = frozenset(range(1, 99))


def scopes_of(database: Database, key: str) -> frozenset[str]:
    with database.reading(fresh=True) as session:
        return authenticate(session, key, clock.now())[1].scopes


def last_use(database: Database, uuid: str) -> tuple[dt.datetime | None, int]:
    with database.reading(fresh=True) as session:
        row = queries.get_key(session, COMMAND_LINE, uuid)
        return row.last_used_at, row.revision


def test_a_key_can_do_what_its_person_can_do_today(database: Database) -> None:
    an_organisation(database)
    person = a_person(database, role="publisher")
    key, _ = a_key(database, "publish", "review", person=person)
    assert scopes_of(database, key) == {"read", "publish", "review"}
    with database.transaction() as session:
        service.change_person(session, COMMAND_LINE, person, ANY, {"role": "member"})
    assert scopes_of(database, key) == {"read"}


def test_a_key_can_do_what_the_kind_of_its_organisation_permits_today(database: Database) -> None:
    an_organisation(database)
    key, _ = a_key(database, "courses", "propose", organisation="valencia")
    with database.transaction() as session:
        service.change_organisation(session, COMMAND_LINE, "valencia", ANY, {"kind": "provider"})
    assert scopes_of(database, key) == {"read", "courses"}


@pytest.mark.parametrize("what", ["person", "organisation"])
def test_keys_of_whoever_is_not_active_are_not_valid(database: Database, what: str) -> None:
    an_organisation(database)
    person = a_person(database)
    key, _ = a_key(database, "propose", person=person)
    with database.transaction() as session:
        if what == "person":
            service.change_person(session, COMMAND_LINE, person, ANY, {"active": False})
        else:
            service.change_organisation(session, COMMAND_LINE, "valencia", ANY, {"active": False})
    with pytest.raises(InvalidKey, match=f"The {what} that the key belongs to is not active"):
        scopes_of(database, key)


def test_whoever_acts_is_the_same_with_all_of_their_keys(database: Database) -> None:
    an_organisation(database)
    person = a_person(database)
    keys = [
        a_key(database, "propose", **whose)[0]
        for whose in 2 * [{"person": person}] + 2 * [{"organisation": "valencia"}]
    ]
    with database.reading(fresh=True) as session:
        actors = [acting(session, key) for key in keys]
        assert acting(session, None) is COMMAND_LINE
        with pytest.raises(InvalidKey):
            acting(session, "sck_wrong")
    assert [one.identity for one in actors] == 2 * [f"person/{person}"] + 2 * ["organisation/valencia"]
    assert {(one.organisation, one.organisation_kind) for one in actors} == {("valencia", "both")}
    assert [one.role for one in actors] == ["editor", "editor", None, None]


def test_a_missing_scope_is_named() -> None:
    require_scope(an_actor("Eva", "review"), Scope.REVIEW)
    with pytest.raises(Forbidden, match='needs the scope "publish", which Eva does not have') as refused:
        require_scope(an_actor("Eva", "review"), Scope.PUBLISH)
    assert refused.value.extra == {"scope": "publish"}


def test_a_key_ends_at_its_moment_and_not_before(database: Database) -> None:
    end = clock.now() + dt.timedelta(days=1)
    key, _ = a_key(database, "read", expires_at=end)
    with database.reading() as session:
        assert authenticate(session, key, end - dt.timedelta(seconds=1))
        with pytest.raises(InvalidKey, match="expired"):
            authenticate(session, key, end)


def test_roles_only_add_to_what_lower_ones_may_do() -> None:
    ladder = [SCOPES_OF_ROLE[role] for role in (Role.MEMBER, Role.EDITOR, Role.PUBLISHER, Role.ADMIN)]
    assert all(lower < higher for lower, higher in pairwise(ladder))


def test_uses_are_written_once_for_many_requests_and_leave_the_revision(database: Database) -> None:
    _, uuid = a_key(database, "read")
    with database.reading() as session:
        key_id = queries.get_key(session, COMMAND_LINE, uuid).id
    written: list[int] = []

    def write(noted: object) -> None:
        written.append(1)
        with database.transaction() as session:
            service.record_uses(session, noted)  # type: ignore[arg-type]  # a mapping, as LastUses hands it on

    uses = LastUses(write)
    moment = dt.datetime(2026, 11, 23, 8, 0, 42, tzinfo=dt.UTC)
    for _ in range(1000):
        uses.note(key_id, moment)
    assert last_use(database, uuid) == (None, 1)
    uses.flush()
    uses.flush()
    assert last_use(database, uuid) == (moment.replace(second=0), 1)
    assert len(written) == 1
    uses.note(key_id, moment - dt.timedelta(hours=1))
    uses.flush()
    assert last_use(database, uuid)[0] == moment.replace(second=0)


def test_what_counts_uses_ends_with_the_last_ones_written() -> None:
    before = set(threading.enumerate())
    written: list[object] = []
    uses = LastUses(written.append)
    uses.note(7, dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC))
    assert len(set(threading.enumerate()) - before) == 1
    uses.close()
    uses.note(8, dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC))
    assert set(threading.enumerate()) == before
    assert written == [{7: dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)}]


def test_uses_that_cannot_be_written_now_are_written_later() -> None:
    written: list[dict[int, dt.datetime]] = []
    fails = [ServiceError("busy")]

    def write(noted: object) -> None:
        if fails:
            raise fails.pop()
        written.append(dict(noted))  # type: ignore[call-overload]  # a mapping, as LastUses hands it on

    uses = LastUses(write)
    early, late = (dt.datetime(2026, 11, 23, hour, tzinfo=dt.UTC) for hour in (8, 9))
    uses.note(1, early)
    uses.note(2, early)
    uses.flush()
    uses.note(1, late)
    uses.flush()
    assert written == [{1: late, 2: early}]


def test_uses_are_written_every_minute_by_themselves() -> None:
    written: list[object] = []
    with patch("competency_api.accounts.authentication._FLUSH_SECONDS", 0.01):
        uses = LastUses(written.append)
        uses.note(1, clock.now())
        thread = uses._writer
        assert thread is not None
        for _ in range(500):
            thread.join(0.01)
            if written:
                break
    assert len(written) == 1
