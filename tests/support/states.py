"""States of a small taxonomy in a database: drafts and published versions, for tests of what stores and serves them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core.db import Database
from competency_api.taxonomy.concept import Concept, Labels, Retirement, Successor
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions.draft import save_draft
from competency_api.versions.guards import LATER, removal
from competency_api.versions.service import publish_version
from competency_api.versions.values import PublicationRequest, VersionInfo
from tests.factories import a_concept, a_starter, a_taxonomy, edited, in_spanish, links, with_concepts

ACTOR = "test"
#: How a concept ends that C001 replaces.
BY_C001 = Retirement(
    reason="covered by C001", on="2026-01-01", successors=(Successor(code="C001", match="equivalent"),)
)


def drafted(session: orm.Session, concepts: Iterable[Concept] = ()) -> None:
    save_draft(session, ACTOR, concepts or a_starter())


def published(database: Database, concepts: Iterable[Concept] = (), **request: Any) -> VersionInfo:
    """Put the concepts (default: the starter) into the draft and publish it."""
    with database.transaction() as session:
        drafted(session, concepts)
        return publish_version(session, ACTOR, PublicationRequest(**request))


def take_guards_down(connection: sa.Connection) -> None:
    """What somebody does first who wants to forge a version."""
    dialect = connection.dialect.name
    for statement in (*removal(dialect, LATER), *removal(dialect)):
        connection.exec_driver_sql(statement)


def second_state() -> Taxonomy:
    """The starter after a rename, an addition and a retirement with an equivalent successor: a minor change."""
    start = a_taxonomy()
    renamed = edited(start, "C001", labels={**start["C001"].labels, "en": Labels(preferred="Another name")})
    profile = {"relations": {"expects": links("C001", level=2) + links("C003", level=3)}}
    state = edited(edited(renamed, "C002", retirement=BY_C001), "R001", **profile)
    return with_concepts(state, in_spanish(a_concept("technology", "T002", relations={"related": links("P001")})))
