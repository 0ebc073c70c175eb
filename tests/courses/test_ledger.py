"""The ledger: history and sums follow from what is written, whatever that is and however many write at once."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competency_api.accounts.values import COMMAND_LINE
from competency_api.core import clock
from competency_api.core.db import Database
from competency_api.courses.entry import course_from
from competency_api.courses.ledger import changes, courses, mappings
from competency_api.courses.ledger.checking import check_sums, repair_sums
from competency_api.courses.ledger.mappings import Counts
from competency_api.courses.values import Reason
from tests.support.courses import a_course, a_provider

CODES = ("C001", "C002", "T001")
RELATIONS = ("teaches", "assesses", "requires")

Row = tuple[Any, ...]


def write_courses(database: Database, provider_id: int, documents: dict[str, Any], *, whole: bool = False) -> Counts:
    with database.transaction() as session:
        provider = changes.lock_provider(session, provider_id)
        rows = [courses.row_of(n, own, course_from(said)) for n, (own, said) in enumerate(documents.items())]
        staged = courses.stage(session, provider_id, rows, whole=whole)
        counts = courses.planned(staged)
        change = changes.open_change(session, COMMAND_LINE, provider, Reason.IMPORT)
        courses.write(staged, provider, change, counts, clock.now())
    return counts


def write_mappings(database: Database, organisation_id: int, rows: list[Row], *, whole: bool = False) -> Counts:
    """Rows: course id, concept, relation, level, hours."""
    with database.transaction() as session:
        provider = changes.lock_provider(session, organisation_id)
        ending = sa.true() if whole else None
        laid = [(n, *row[:3], 1, *row[3:], "", "") for n, row in enumerate(rows)]
        staged = mappings.stage(session, organisation_id, laid, ending=ending)
        counts = mappings.planned(staged)
        mappings.write(staged, changes.open_change(session, COMMAND_LINE, provider, Reason.IMPORT), counts)
    return counts


def stored(database: Database, organisation_id: int) -> set[Row]:
    names = "course_id, concept, relation, level, hours"
    with database.reading(fresh=True) as session:
        statement = sa.text(f"SELECT {names} FROM mapping WHERE organisation_id = {organisation_id}")
        return {tuple(row) for row in session.execute(statement)}


def is_good(database: Database) -> bool:
    with database.reading(fresh=True) as session:
        found = check_sums(session)
    assert found.is_good, found
    return True


def totals(database: Database) -> set[Row]:
    with database.reading(fresh=True) as session:
        return {tuple(row) for row in session.execute(sa.text("SELECT concept, courses, hours FROM coverage_total"))}


def some(*own: str, **members: Any) -> dict[str, Any]:
    return {each: a_course(**members) for each in own}


def test_what_is_written_is_counted_and_written_again_is_nothing(database: Database) -> None:
    provider = a_provider(database).id
    assert write_courses(database, provider, some("a", "b")) == Counts(added=2)
    rows = [(1, "C001", "teaches", 2, 150), (1, "T001", "requires", None, None), (2, "C001", "teaches", 3, 50)]
    assert write_mappings(database, provider, rows) == Counts(added=3)
    assert write_mappings(database, provider, rows) == Counts(unchanged=3)
    assert stored(database, provider) == set(rows)
    assert totals(database) == {("C001", 1, 150), ("C001", 1, 50), ("T001", 1, 0)}
    assert write_mappings(database, provider, [(1, "C001", "teaches", 2, 100)], whole=True) == Counts(
        changed=1, removed=2
    )
    assert stored(database, provider) == {(1, "C001", "teaches", 2, 100)}
    assert is_good(database)


def test_sums_follow_a_course_that_changes_how_it_is_held_and_who_sees_it(database: Database) -> None:
    provider = a_provider(database).id
    write_courses(database, provider, some("a", modality="online"))
    write_mappings(database, provider, [(1, "C001", "teaches", 2, 150)])
    for members in ({"modality": "classroom"}, {"visibility": "private"}, {"visibility": "public", "hours": 3}):
        assert write_courses(database, provider, some("a", **members)) == Counts(changed=1)
        assert is_good(database)
        assert totals(database) == (set() if members.get("visibility") == "private" else {("C001", 1, 150)})


def test_courses_that_are_no_longer_named_go_with_their_mappings_if_that_is_asked_for(database: Database) -> None:
    provider, other = a_provider(database).id, a_provider(database, "porto").id
    for each in (provider, other):
        write_courses(database, each, some("a", "b"))
        write_mappings(database, each, [(1, "C001", "teaches", 1, 10), (2, "C001", "teaches", 1, 10)])
    assert write_courses(database, provider, some("b", "c"), whole=True) == Counts(added=1, unchanged=1, removed=1)
    assert stored(database, provider) == {(2, "C001", "teaches", 1, 10)}
    assert len(stored(database, other)) == 2
    assert write_courses(database, provider, some("a")) == Counts(added=1)
    assert is_good(database)


def test_wrong_sums_are_found_and_mended(database: Database) -> None:
    provider = a_provider(database).id
    write_courses(database, provider, some("a"))
    write_mappings(database, provider, [(1, "C001", "teaches", 1, 10)])
    wrong = ("UPDATE coverage_sum SET hours = 11", "UPDATE coverage_total SET courses = 2", "DELETE FROM coverage_sum")
    for statement in wrong:
        with database.transaction() as session:
            session.execute(sa.text(statement))
        with database.transaction() as session:
            assert not check_sums(session).is_good
            repair_sums(session)
        assert is_good(database)


def test_a_mapping_without_a_course_is_found(database: Database) -> None:
    provider = a_provider(database).id
    write_courses(database, provider, some("a"))
    write_mappings(database, provider, [(1, "C001", "teaches", 1, 10)])
    with database.transaction() as session:
        session.execute(sa.text("DELETE FROM course"))
        assert check_sums(session).orphans == 1


LEVELS = st.none() | st.integers(1, 4)
MAPPINGS = st.dictionaries(
    st.tuples(st.integers(1, 3), st.sampled_from(CODES), st.sampled_from(RELATIONS)),
    st.tuples(LEVELS, st.none() | st.integers(0, 500)),
    max_size=8,
)
MEMBERS = st.fixed_dictionaries(
    {"modality": st.sampled_from([None, "online", "hands-on"]), "visibility": st.sampled_from(["public", "private"])}
)
STEPS = st.lists(st.tuples(MAPPINGS, st.booleans()) | MEMBERS, min_size=1, max_size=6)


@given(steps=STEPS)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_after_any_writes_the_mappings_are_the_last_said_and_the_sums_theirs(database: Database, steps: Any) -> None:
    with database.reading(fresh=True) as session:
        number = session.scalar(sa.text("SELECT count(*) FROM organisation"))
    provider = a_provider(database, f"p{number}").id
    write_courses(database, provider, some("1", "2", "3"))
    expected: dict[Any, Any] = {}
    for step in steps:
        if isinstance(step, dict):
            write_courses(database, provider, some("2", **step))
            continue
        rows, whole = step
        expected = {**({} if whole else expected), **rows}
        write_mappings(database, provider, [(*key, *said) for key, said in rows.items()], whole=whole)
    assert stored(database, provider) == {(*key, *said) for key, said in expected.items()}
    assert is_good(database)


def test_sums_never_drift_while_providers_import_at_once(database: Database) -> None:
    """Four providers write the same concepts at the same time, again and again, two of them by two writers each."""
    providers = [a_provider(database, f"p{n}").id for n in range(4)]
    for each in providers:
        write_courses(database, each, some("1", "2", "3", modality="online"))
    writers = [Database(database.settings) for _ in range(6)]

    def write(number: int) -> None:
        chance, each = random.Random(number), providers[number % 4]
        for round_ in range(6):
            rows = {
                (chance.randint(1, 3), chance.choice(CODES), chance.choice(RELATIONS)): (chance.randint(1, 4), 100)
                for _ in range(12)
            }
            write_mappings(writers[number], each, [(*key, *said) for key, said in rows.items()], whole=round_ % 2 == 1)
            write_courses(writers[number], each, some("2", visibility=chance.choice(["public", "private"])))

    with ThreadPoolExecutor(len(writers)) as pool:
        list(pool.map(write, range(len(writers))))
    for writer in writers:
        writer.close()
    assert is_good(database)
