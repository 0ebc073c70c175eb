"""Publishing makes immutable versions, once, whole, and with the number that follows from the change."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from competency_api.core.db import Base, Database
from competency_api.core.errors import Conflict, InvalidInput
from competency_api.taxonomy.concept import Concept, Labels
from competency_api.taxonomy.numbering import Number
from competency_api.versions import queries
from competency_api.versions.draft import discard_draft
from competency_api.versions.obstacles import NotPublishable
from competency_api.versions.service import plan_publication, publish_version
from competency_api.versions.values import PublicationRequest
from competency_api.versions.verification import verify_versions
from tests.factories import a_concept, a_starter, a_taxonomy, edited, links, without
from tests.support.states import ACTOR, drafted, published, second_state


def test_a_published_version_is_the_draft_it_was_made_of(database: Database) -> None:
    version = published(database, title="First")
    with database.reading() as session:
        loaded = queries.load_taxonomy(session, version)
        assert loaded == a_taxonomy() == queries.load_draft(session)
    assert (str(version.number), version.parent, version.title) == ("1.0.0", None, "First")
    assert version.digest == a_taxonomy().digest
    assert version.summary.kinds["competency"] == 3
    assert version.summary.languages["es"].labels == 10


def test_the_next_number_follows_from_the_change(database: Database) -> None:
    published(database)
    version = published(database, second_state())
    assert (str(version.number), version.bump, str(version.parent)) == ("1.1.0", "minor", "1.0.0")
    assert version.summary.changes == {"added": 1, "replaced": 1, "renamed": 1, "linked": 1}
    assert version.summary.reasons_total == 3


def test_a_smaller_number_is_refused_with_the_changes_that_force_a_higher_one(database: Database) -> None:
    published(database)
    with pytest.raises(Conflict, match=r"1\.0\.1 is too small.*1\.1\.0.*T002") as refused:
        published(database, second_state(), number=Number(1, 0, 1))
    assert refused.value.extra["smallest"] == "1.1.0"
    assert str(published(database, second_state(), number=Number(3, 0, 0)).number) == "3.0.0"


def test_without_a_change_nothing_is_published(database: Database) -> None:
    published(database)
    with pytest.raises(Conflict, match=r"Nothing changed since 1\.0\.0"):
        published(database)


def test_a_draft_that_breaks_a_rule_is_not_published(database: Database) -> None:
    broken = a_concept(relations={"part_of": links("D404")})
    with pytest.raises(NotPublishable, match="D404"):
        published(database, [broken])
    with database.reading() as session:
        assert queries.list_versions(session) == []


def test_the_plan_of_a_publication_writes_nothing(database: Database) -> None:
    with database.transaction() as session:
        drafted(session)
    with database.reading() as session:
        plan = plan_publication(session)
        assert plan.numbering is not None
        assert str(plan.numbering.smallest) == "1.0.0"
        assert queries.list_versions(session) == []


def test_the_same_key_publishes_once(database: Database) -> None:
    first = published(database, title="One", idempotency_key="k1")
    assert published(database, title="One", idempotency_key="k1") == first
    published(database, second_state(), title="Two", idempotency_key="k2")
    assert published(database, second_state(), title="One", idempotency_key="k1") == first


def test_the_same_key_for_another_publication_is_refused(database: Database) -> None:
    published(database, title="One", idempotency_key="k1")
    with pytest.raises(InvalidInput, match=r"already published 1\.0\.0"):
        published(database, second_state(), title="Two", idempotency_key="k1")


def test_a_version_is_not_in_force_before_its_parent(database: Database) -> None:
    published(database, valid_from=dt.date(2026, 1, 1))
    with pytest.raises(Conflict, match="cannot be in force from 2025-12-31"):
        published(database, second_state(), valid_from=dt.date(2025, 12, 31))


def test_what_happened_to_a_concept_is_kept_as_data(database: Database) -> None:
    published(database)
    published(database, second_state())
    with database.reading() as session:
        history = [(v, str(c.type), str(c.bump)) for v, c in queries.list_concept_changes(session, "C001")]
        assert history == [(1, "added", "minor"), (2, "renamed", "patch")]
        (_, renamed) = queries.list_concept_changes(session, "C001")[1]
        assert [(e.path, e.new) for e in renamed.edits] == [("/labels/en/preferred", "Another name")]
        assert queries.list_version_ids_of(session, "T002") == [2]


def test_equal_contents_are_stored_once_however_many_versions_share_them(database: Database) -> None:
    published(database)
    published(database, second_state())
    with database.reading() as session:
        rows = session.scalar(sa.text("SELECT count(*) FROM concept_version"))
    assert rows == len(a_taxonomy()) + 4


def test_a_code_is_never_given_to_another_concept(database: Database) -> None:
    published(database)
    with database.transaction() as session, pytest.raises(Conflict, match="codes are never used again"):
        drafted(session, [a_concept(code="C001", uuid="0b9a1c52-7f3e-4d1a-9a53-0a3b5b8c2d11")])
    with database.transaction() as session, pytest.raises(Conflict, match="belongs to C001"):
        drafted(session, [a_concept(code="C777", uuid=a_concept(code="C001").uuid)])


def test_a_discarded_draft_is_the_newest_version_again_and_leaves_no_trace(database: Database) -> None:
    published(database)
    before = counts(database)
    with database.transaction() as session:
        drafted(session, second_state())
    with database.transaction() as session:
        discard_draft(session, ACTOR)
        assert queries.load_draft(session) == a_taxonomy()
    assert counts(database) == before


def counts(database: Database) -> dict[str, int]:
    """Number of rows of every table."""
    with database.reading(fresh=True) as session:
        return {name: session.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for name, t in TABLES.items()}


TABLES = dict(Base.metadata.tables)


def is_whole(database: Database) -> bool:
    with database.reading(fresh=True) as session:
        return not verify_versions(session).faults


@pytest.mark.campaign
def test_of_two_publications_at_once_one_wins_and_the_other_is_told(database: Database) -> None:
    published(database)
    with database.transaction() as session:
        drafted(session, second_state())
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def publish() -> None:
        start.wait()
        try:
            with database.transaction() as session:
                outcomes.append(str(publish_version(session, ACTOR, PublicationRequest()).number))
        except Conflict as error:
            outcomes.append(error.message)

    threads = [threading.Thread(target=publish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[0] == "1.1.0"
    assert sorted(outcomes)[1:] == ["Nothing changed since 1.1.0: there is nothing to publish."] * 3
    assert is_whole(database)


class Injected(Exception):
    """The failure that a test puts in the way."""


@contextmanager
def failing_at(database: Database, number: int) -> Iterator[list[str]]:
    """Statement ``number`` (from 0) of everything that follows fails; gives the statements seen."""
    seen: list[str] = []

    def count(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)
        if len(seen) == number + 1:
            raise Injected(statement)

    sa.event.listen(database.engine, "before_cursor_execute", count)
    try:
        yield seen
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", count)


@pytest.mark.campaign
def test_a_failure_at_any_statement_of_a_publication_leaves_nothing_behind(database: Database) -> None:
    published(database)
    before = counts(database)
    number = 0
    while True:
        try:
            with failing_at(database, number) as seen:
                published(database, second_state())
            break
        except Injected:
            assert counts(database) == before, seen[-1]
            number += 1
    assert number > 10
    assert is_whole(database)
    assert counts(database)["version"] == 2


LEGAL = [a_taxonomy(), second_state(), edited(second_state(), "C001", labels={"en": Labels(preferred="Third")})]


def test_the_same_content_has_the_same_digest_on_both_databases(database: Database) -> None:
    digests = [published(database, state).digest for state in LEGAL]
    assert digests == [state.digest for state in LEGAL]


def test_a_concept_left_out_of_an_import_stays_in_the_draft(database: Database) -> None:
    published(database)
    some: tuple[Concept, ...] = tuple(without(a_taxonomy(), "C003"))
    with database.transaction() as session:
        drafted(session, some)
        assert queries.load_draft(session) == a_taxonomy(*a_starter())
