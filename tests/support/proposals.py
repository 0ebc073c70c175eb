"""Proposals for tests of services: who acts, and proposals led to a state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from competency_api.accounts.values import Actor
from competency_api.core.db import Database
from competency_api.curation import queries, service
from competency_api.curation.authoring.editing import create_proposal
from competency_api.curation.lifecycle import State, Verb
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions.queries import load_draft
from tests.support.keys import an_actor, an_organisation

ANY = frozenset(range(1, 99))


def partners(database: Database) -> tuple[Actor, Actor]:
    """A person of each of two partners."""
    return tuple(_somebody(database, code) for code in ("valencia", "porto"))  # type: ignore[return-value]  # as many as partners are named


def _somebody(database: Database, code: str) -> Actor:
    an_organisation(database, code, "partner")
    with database.reading(fresh=True) as session:
        found = session.scalar(sa.text("SELECT id FROM organisation WHERE code = :code").bindparams(code=code))
    return an_actor(code.title(), organisation_id=found, organisation=code, person=f"person-of-{code}")


def an_edit(code: str = "C001", text: str = "New", field: str = "definition", **members: Any) -> dict[str, Any]:
    return {"type": "edit", "code": code, "fields": {field: {"en": text}}, **members}


def proposed(database: Database, actor: Actor, *changes: dict[str, Any], title: str = "Better") -> str:
    """The id of a new proposal."""
    with database.transaction() as session:
        return create_proposal(session, actor, title=title, changes=changes).uuid


def led(database: Database, actor: Actor, proposal: str, *verbs: Verb | str, note: str = "") -> State:
    """Lead a proposal through verbs, each in its own transaction, and tell where it is."""
    for verb in verbs:
        with database.transaction() as session:
            service.act(session, actor, proposal, Verb(verb), ANY, note)
    return state_of(database, actor, proposal)


def state_of(database: Database, actor: Actor, proposal: str) -> State:
    with database.reading(fresh=True) as session:
        row = queries.get_proposal(session, actor, proposal)
        return queries.surroundings(session, [row]).state(row)


def submitted(database: Database, actor: Actor, *changes: dict[str, Any]) -> str:
    proposal = proposed(database, actor, *changes)
    led(database, actor, proposal, Verb.SUBMISSION)
    return proposal


def draft_of(database: Database) -> Taxonomy:
    with database.reading(fresh=True) as session:
        return load_draft(session)


def types_of(changes: Sequence[Any]) -> list[str]:
    return [change.type_name for change in changes]
