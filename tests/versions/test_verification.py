"""Whatever got past the other guards is found: by the loader, and by recomputing every digest."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from competency_api.core.db import Database
from competency_api.core.signatures import new_private_key, read_signer
from competency_api.versions.models import VersionChangeRow, VersionRow
from competency_api.versions.queries import CorruptVersion, list_versions, load_taxonomy
from competency_api.versions.sealing import CHANGE_MEMBERS, seal
from competency_api.versions.service import publish_version
from competency_api.versions.values import PublicationRequest
from competency_api.versions.verification import verify_versions
from tests.support.states import ACTOR, drafted, published, second_state, take_guards_down


def tampered(database: Database, statement: str) -> None:
    """Run SQL as somebody would who first takes the triggers down."""
    with database.engine.begin() as connection:
        take_guards_down(connection)
        connection.execute(sa.text(statement))


TAMPERING = [
    ("UPDATE concept_version SET content = replace(content, 'C001', 'C009')", "C001", "was published"),
    ("UPDATE version SET digest = 'abc' WHERE id = 1", "", "but abc was published"),
    ("DELETE FROM version_entry WHERE version_id = 1 AND concept_version_id = 1", "", "was published"),
    ("UPDATE concept SET code = 'C998' WHERE code = 'C001'", "C998", "is that of C001"),
]
#: Everything about a version but its concepts, with the member that is named.
FORGING = [
    ("UPDATE version SET title = 'other' WHERE id = 2", "title"),
    ("UPDATE version SET notes = 'other' WHERE id = 2", "notes"),
    ("UPDATE version SET publisher = 'other' WHERE id = 2", "publisher"),
    ("UPDATE version SET published_by = 'other' WHERE id = 2", "published_by"),
    ("UPDATE version SET published_at = '2020-01-01 00:00:00.000000' WHERE id = 2", "published_at"),
    ("UPDATE version SET valid_from = '2020-01-01' WHERE id = 2", "valid_from"),
    ("UPDATE version SET bump = 'patch' WHERE id = 2", "bump"),
    ("UPDATE version SET minor = 7 WHERE id = 2", "number"),
    ("UPDATE version SET summary = replace(summary, 'added', 'moved') WHERE id = 2", "summary"),
    ("UPDATE version SET findings = '[{}]' WHERE id = 2", "findings"),
    ("UPDATE version SET idempotency_key = 'k' WHERE id = 2", "idempotency_key"),
    ("UPDATE version SET fingerprint = 'f' WHERE id = 2", "fingerprint"),
    ("UPDATE version_change SET bump = 'patch' WHERE version_id = 2", "changes"),
    ("UPDATE version_change SET edits = '[]' WHERE version_id = 2", "changes"),
    ("DELETE FROM version_change WHERE version_id = 2 AND position = 0", "changes"),
    ("UPDATE version SET seal = 'abc' WHERE id = 1", "the seal is abc"),
    ("UPDATE version SET seal = 'abc' WHERE id = 1", "the version before it"),
    ("UPDATE version SET sealed = '{}' WHERE id = 2", "title"),
    ("UPDATE version SET sealed = 'nothing' WHERE id = 2", "its row cannot be read"),
    ("UPDATE version SET summary = 'nothing', bump = 'none' WHERE id = 2", "summary"),
    ("UPDATE concept SET kind = 'profile' WHERE code = 'C001'", "its identity says profile"),
]


def test_what_was_not_touched_verifies(database: Database) -> None:
    published(database)
    published(database, second_state())
    with database.reading() as session:
        result = verify_versions(session)
    assert (result.versions, result.concepts, result.faults) == (2, 21, ())


@pytest.mark.parametrize(("statement", "code", "message"), TAMPERING)
def test_every_kind_of_tampering_is_found_and_named(
    database: Database, statement: str, code: str, message: str
) -> None:
    published(database)
    tampered(database, statement)
    with database.reading() as session:
        faults = verify_versions(session).faults
    assert any(f.code == code and message in f.message for f in faults), faults


@pytest.mark.parametrize(("statement", "member"), FORGING)
def test_whatever_is_forged_about_a_version_is_found_and_named(database: Database, statement: str, member: str) -> None:
    published(database, title="First")
    published(database, second_state(), title="Second")
    tampered(database, statement)
    with database.reading() as session:
        faults = verify_versions(session).faults
    assert any(fault.message.startswith(member) for fault in faults), faults


SIGNATURES = [
    ("DELETE FROM version_signature", "signed_with: it is not what was published"),
    ("UPDATE version_signature SET token = token || 'x'", "the signature: The signature"),
    ("UPDATE version_signature SET key_id = 'k'", "the signature: the public key is not k"),
    ("UPDATE version_signature SET public_key = 'p'", "the signature: 'p' is no public key"),
    ("UPDATE version SET title = 'other'", "the signature: it is over another statement"),
]


@pytest.mark.parametrize(("statement", "message"), SIGNATURES)
def test_a_signature_that_is_changed_or_taken_away_is_found(database: Database, statement: str, message: str) -> None:
    with database.transaction() as session:
        drafted(session)
        publish_version(session, ACTOR, PublicationRequest(), signer=read_signer(new_private_key()))
    with database.reading() as session:
        assert verify_versions(session).faults == ()
    tampered(database, statement)
    with database.reading() as session:
        faults = verify_versions(session).faults
    assert any(fault.message.startswith(message) for fault in faults), faults


def test_what_can_no_longer_be_read_is_a_fault_and_no_failure(sqlite_database: Database) -> None:
    published(sqlite_database)
    tampered(sqlite_database, "UPDATE version SET valid_from = 'yesterday'")
    with sqlite_database.reading() as session:
        (fault,) = verify_versions(session).faults
    assert fault.message.startswith("its row cannot be read")


def test_a_seal_stands_for_the_versions_before_it(sqlite_database: Database) -> None:
    published(sqlite_database)
    published(sqlite_database, second_state())
    with sqlite_database.reading() as session:
        first = session.get_one(VersionRow, 1)
        columns = [getattr(VersionChangeRow, name) for name in CHANGE_MEMBERS]
        chosen = sa.select(*columns).where(VersionChangeRow.version_id == 1).order_by(VersionChangeRow.position)
        changes = session.execute(chosen).all()
    first.title = "other"
    seal(first, changes, None)  # as a forger would who knows how it is done
    tampered(
        sqlite_database,
        f"UPDATE version SET title = 'other', sealed = '{first.sealed}', seal = '{first.seal}' WHERE id = 1",
    )
    with sqlite_database.reading() as session:
        (fault,) = verify_versions(session).faults
    assert (fault.version, fault.message[:18]) == ("1.1.0", "the version before")


@pytest.mark.parametrize("statement", [statement for statement, _, _ in TAMPERING])
def test_a_tampered_version_is_never_served(database: Database, statement: str) -> None:
    published(database)
    tampered(database, statement)
    with database.reading() as session, pytest.raises(CorruptVersion):
        load_taxonomy(session, list_versions(session)[0])
