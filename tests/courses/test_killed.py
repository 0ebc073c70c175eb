"""A process that dies while it imports a catalogue or migrates mappings has done it as a whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from competency_api.core.db import Database
from competency_api.courses.ledger.checking import check_sums
from competency_api.courses.migration.worker import Follower
from competency_api.taxonomy.concept import Labels
from tests.factories import a_taxonomy, edited
from tests.support.campaigns import rounds
from tests.support.courses import a_file, a_provider, imported, publish_two, with_others
from tests.support.keys import a_key, an_administrator
from tests.support.processes import Aim, asked, killed_while, processes
from tests.support.states import published

KILLS = rounds(10, 300)
Recorded = Callable[[str, object], None]

IMPORTS = "/api/v1/providers/gov/imports?whole=true"
COURSES, CODES, RELATIONS = 5, ("C001", "C003", "T001"), ("teaches", "requires")
MAPPINGS = COURSES * len(CODES) * len(RELATIONS)


def told(database: Database, *questions: str) -> list[Any]:
    """What each question, a piece of SQL behind SELECT, is answered."""
    with database.reading(fresh=True) as session:
        return [session.scalar(sa.text(f"SELECT {question}")) for question in questions]


def sums_are_right(database: Database) -> bool:
    with database.reading(fresh=True) as session:
        return check_sums(session).is_good


# -- imports -----------------------------------------------------------------------------------------------------------


def catalogue(number: int) -> dict[str, Any]:
    """All mappings otherwise than in the one before, one course that was not in it, and one missing that was."""
    ids = [f"S-{n}" for n in range(COURSES)]
    mappings = [
        {"course": course, "concept": code, "relation": relation, "hours": number}
        for course in ids for code in CODES for relation in RELATIONS
    ]  # fmt: skip
    courses = [{"external_id": name, "title": {"en": f"Course in state {number}"}} for name in (*ids, f"N-{number}")]
    return {"courses": courses, "mappings": mappings}


def stored(database: Database) -> list[Any]:
    """Everything that an import writes."""
    return told(
        database,
        "(SELECT count(*) FROM course WHERE removed_at IS NULL)",
        "(SELECT count(*) FROM course WHERE removed_at IS NOT NULL)",
        "count(*) FROM mapping",
        "min(hours) FROM mapping",
        "max(hours) FROM mapping",
        "count(*) FROM mapping_history",
        "last_change FROM provider",
        "count(*) FROM course_change",
        "count(*) FROM event WHERE type = 'catalogue.imported'",
        "count(*) FROM audit_entry WHERE action = 'catalogue.imported'",
    )


def expected(number: int) -> list[Any]:
    """The same after the catalogues 0 to ``number``, each of which was imported once."""
    times, hours = number + 1, 100 * number
    return [COURSES + 1, number, MAPPINGS, hours, hours, MAPPINGS * number, times, times, times, times]


@pytest.mark.slow
@pytest.mark.campaign
def test_a_service_killed_while_it_imports_has_imported_all_or_nothing(
    database: Database, record_property: Recorded
) -> None:
    record_property("rounds", KILLS)
    publish_two(database)
    an_administrator(database)
    a_provider(database)
    key = a_key(database, "courses", organisation="gov")[0]

    def send(port: int, number: int) -> int:
        return asked(port, key, IMPORTS, catalogue(number), Idempotency_Key=f"catalogue-{number}")[0]

    aim, cut_off = Aim(13), 0
    with processes(database) as own:
        port = own.start()
        assert send(port, 0) == 200
        for number in range(1, KILLS + 1):
            status = killed_while(own, port, lambda at, number=number: send(at, number), aim)
            found = stored(database)
            assert found in (expected(number), expected(number - 1))
            assert sums_are_right(database)
            assert status == 0 or (status == 200 and found == expected(number))
            port = own.start()
            aim.was(late=found == expected(number))
            if found == expected(number):
                continue
            # asked again, the service that comes after it imports it
            cut_off += 1
            assert send(port, number) == 200
            assert stored(database) == expected(number)
    record_property("cut off", cut_off)
    assert 0 < cut_off < KILLS


# -- following publications --------------------------------------------------------------------------------------------

PROVIDERS = ("gov", "porto")


def publish(database: Database, number: int) -> int:
    """The id of a version in which a concept has another name, so that mappings to it move by themselves."""
    labels = {"en": Labels(preferred=f"Name {number}"), "es": Labels(preferred="Nombre")}
    return published(database, with_others(edited(a_taxonomy(), "C001", labels=labels))).id


def followed(database: Database, version: int) -> list[list[Any]]:
    """Of each provider: was told of the version, how often of any, and migrated; and whether all its mappings were."""
    own = "organisation_id = (SELECT id FROM organisation WHERE code = '{}')"
    return [
        told(
            database,
            f"count(*) FROM migration_notice WHERE version_id = {version} AND {own.format(code)}",
            f"count(*) FROM event WHERE type = 'mapping.affected' AND {own.format(code)}",
            f"count(*) FROM event WHERE type = 'mapping.migrated' AND {own.format(code)}",
            f"count(*) FROM migration_plan WHERE applied_change IS NOT NULL AND {own.format(code)}",
            f"count(*) FROM mapping WHERE version_id = {version} AND {own.format(code)}",
            f"count(*) FROM mapping WHERE version_id <> {version} AND {own.format(code)}",
        )
        for code in PROVIDERS
    ]


@pytest.mark.slow
@pytest.mark.campaign
def test_a_worker_killed_while_it_follows_has_told_and_migrated_each_provider_once(
    database: Database, record_property: Recorded
) -> None:
    record_property("rounds", KILLS)
    publish(database, 0)
    rows = "".join(f"S-{n},{code},{how}\n" for n in range(COURSES) for code in CODES for how in RELATIONS)
    courses = "".join(f"S-{n},Course\n" for n in range(COURSES))
    for code in PROVIDERS:
        a_provider(database, code)
        files = (a_file(f"external_id,title@en\n{courses}", "c.csv"), a_file(f"course,concept,relation\n{rows}"))
        imported(database, *files, code=code)
    with database.transaction() as session:
        session.execute(sa.text("UPDATE provider SET automatic_migration = :on"), {"on": True})
    follower = Follower(database, database.settings)
    aim, cut_off = Aim(17), 0
    with processes(database) as own:
        for number in range(1, KILLS + 1):
            version = publish(database, number)
            worker = own.follow()
            done, before = [1, *[number] * 3, MAPPINGS, 0], [0, *[number - 1] * 3, 0, MAPPINGS]

            def is_done(version: int = version, done: list[int] = done) -> bool:
                return followed(database, version) == [done] * len(PROVIDERS)

            aim.wait(is_done)
            own.kill(worker)
            found = followed(database, version)
            assert all(each in (done, before) for each in found), found
            assert sums_are_right(database)
            aim.was(late=before not in found)
            cut_off += before in found
            # the worker that comes after it does what is left
            assert follower.run_once() == found.count(before)
            assert followed(database, version) == [done] * len(PROVIDERS)
    record_property("cut off", cut_off)
    assert 0 < cut_off < KILLS
