"""Whose provider it is: the same whether it is read with the key or from the database."""

from __future__ import annotations

import dataclasses

import pytest

from competency_api.accounts.authentication import authenticate
from competency_api.core import clock
from competency_api.core.db import Database
from competency_api.core.errors import NotFound
from competency_api.courses.queries import get_provider
from tests.support.keys import a_key, an_administrator, an_organisation


def test_the_provider_of_a_key_is_the_one_of_the_database(sqlite_database: Database) -> None:
    an_administrator(sqlite_database)
    an_organisation(sqlite_database, "gov", "provider")
    secret = a_key(sqlite_database, "courses", organisation="gov")[0]
    with sqlite_database.reading(fresh=True) as session:
        who = authenticate(session, secret, clock.now())[1]
        looked_up = dataclasses.replace(who, organisation_name=None)
        assert get_provider(session, who, "gov") == get_provider(session, looked_up, "gov")
        with pytest.raises(NotFound):
            get_provider(session, who, "porto")


def test_an_organisation_that_only_curates_is_no_provider(sqlite_database: Database) -> None:
    an_administrator(sqlite_database)
    an_organisation(sqlite_database, "valencia", "partner")
    secret = a_key(sqlite_database, "read", organisation="valencia")[0]
    with sqlite_database.reading(fresh=True) as session:
        who = authenticate(session, secret, clock.now())[1]
        with pytest.raises(NotFound, match="is no provider of courses"):
            get_provider(session, who, "valencia")
