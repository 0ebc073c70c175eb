"""Public keys of what is signed stay known when the deployment signs with another one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import sqlalchemy as sa

from competency_api.core import clock, migrations
from competency_api.core.db import Database
from competency_api.core.signatures import Signer, new_private_key, read_signer, verified
from competency_api.publishing.keys import list_keys, sign
from competency_api.publishing.models import SigningKeyRow


def signed(database: Database, signer: Signer, payload: bytes = b"said") -> str:
    with database.transaction() as session:
        return sign(session, signer, payload)


def listed(database: Database) -> list[str]:
    with database.reading(fresh=True) as session:
        return list_keys(session)


def test_a_key_is_remembered_once_and_the_newest_comes_first(database: Database) -> None:
    old, new = (read_signer(new_private_key()) for _ in range(2))
    token = signed(database, old)
    with patch.object(clock, "now", return_value=clock.now().replace(year=2100)):
        signed(database, new)
        signed(database, old, b"more")
    assert listed(database) == [new.public_key, old.public_key]
    assert verified(token, {old.key_id: old.public_key}) == b"said"


def test_programs_that_sign_with_a_new_key_at_once_remember_it_once(database: Database) -> None:
    signer = read_signer(new_private_key())
    with ThreadPoolExecutor(4) as pool:
        tokens = set(pool.map(lambda _: signed(database, signer), range(8)))
    assert (len(tokens), listed(database)) == (1, [signer.public_key])


def test_what_was_not_kept_was_not_signed(sqlite_database: Database) -> None:
    class Undone(Exception):
        pass

    try:
        with sqlite_database.transaction() as session:
            sign(session, read_signer(new_private_key()), b"said")
            raise Undone
    except Undone:
        assert listed(sqlite_database) == []


def test_the_table_comes_and_goes_with_its_migration(database: Database) -> None:
    signed(database, read_signer(new_private_key()))
    migrations.downgrade(database, "0009")
    with database.reading(fresh=True) as session:
        assert not sa.inspect(session.connection()).has_table(SigningKeyRow.__tablename__)
    migrations.upgrade(database)
    assert listed(database) == []
