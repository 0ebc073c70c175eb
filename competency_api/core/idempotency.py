"""Answers to requests that may be repeated: the table behind ``Idempotency-Key``.

An answer is written in the transaction of what it is about: both are there, or neither. What must not be stored (a
secret) is not in it; it is made again from ``salt``, which by itself says nothing.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core import clock
from competency_api.core.db import Base, UtcDateTime, lock
from competency_api.core.errors import FieldError, InvalidInput

#: How long an answer is remembered.
REMEMBERED = dt.timedelta(days=7)


class RememberedAnswer(Base):
    """The answer to one request of one caller."""

    __tablename__ = "remembered_answer"

    caller: orm.Mapped[str] = orm.mapped_column(sa.String(40), primary_key=True)
    key: orm.Mapped[str] = orm.mapped_column(sa.String(200), primary_key=True)
    fingerprint: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime, index=True)
    salt: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    status: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    headers: orm.Mapped[str] = orm.mapped_column(sa.Text)  # JSON object
    body: orm.Mapped[str] = orm.mapped_column(sa.Text)


def find_answer(session: orm.Session, caller: str, key: str, fingerprint: str) -> RememberedAnswer | None:
    """The answer that ``caller`` got to the same request; None the first time, and then nobody else is at it.

    Raises InvalidInput when the key was used for another request.
    """
    lock(session, f"idempotency {caller} {key}")
    found = session.get(RememberedAnswer, (caller, key))
    if found is not None and found.created_at < clock.now() - REMEMBERED:
        session.delete(found)
        session.flush()
        return None
    if found is not None and found.fingerprint != fingerprint:
        message = "This key was used for another request. Use a new one for each, and the same only to repeat it."
        raise InvalidInput(FieldError(message, header="Idempotency-Key"))
    return found


def remember_answer(session: orm.Session, answer: RememberedAnswer) -> None:
    """Remember an answer, and forget those that are too old."""
    session.execute(sa.delete(RememberedAnswer).where(RememberedAnswer.created_at < clock.now() - REMEMBERED))
    session.add(answer)
    session.flush()
