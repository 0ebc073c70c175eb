"""A provider's lock and the list of its changes."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.values import Actor
from competency_api.core import clock
from competency_api.core.db import lock
from competency_api.courses.models import ChangeRow, ProviderRow
from competency_api.courses.values import Reason


def lock_provider(session: orm.Session, organisation_id: int) -> ProviderRow:
    """The provider's row, while nobody else writes its courses: the first thing that every write does.

    A transaction that writes several providers takes their locks in the order of their ids.
    """
    lock(session, f"courses of {organisation_id}")
    row = session.get(ProviderRow, organisation_id, populate_existing=True)
    if row is None:
        row = ProviderRow(organisation_id=organisation_id, automatic_migration=False, last_course=0, last_change=0)
        session.add(row)
        session.flush()
    return row


def open_change(session: orm.Session, actor: Actor, provider: ProviderRow, reason: Reason, **details: Any) -> int:
    """The id of a new change of the provider's catalogue, which rows written by it refer to.

    ``details`` are in JSON types.
    """
    number = provider.last_change + 1
    count(session, provider, last_change=number)
    session.add(
        ChangeRow(
            organisation_id=provider.organisation_id,
            id=number,
            at=clock.now(),
            actor=actor.name,
            key=actor.key,
            reason=reason.value,
            details=json.dumps(details, ensure_ascii=False, sort_keys=True),
        )
    )
    session.flush()
    return number


def count(session: orm.Session, provider: ProviderRow, **values: int) -> None:
    """Write what the provider has counted so far, past its revision."""
    statement = sa.update(ProviderRow).where(ProviderRow.organisation_id == provider.organisation_id).values(**values)
    session.execute(statement, execution_options={"synchronize_session": False})
    for name, value in values.items():
        orm.attributes.set_committed_value(provider, name, value)
