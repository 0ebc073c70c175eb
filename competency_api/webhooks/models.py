"""Tables of webhooks: who is told, what is on its way, and how each attempt went."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core.db import Base, UtcDateTime


class WebhookRow(Base):
    """An address that is told of events. ``position`` is the last event that deliveries were made of.

    Position and what the worker notes are written past the revision, which counts what people change.
    """

    __tablename__ = "webhook"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    uuid: orm.Mapped[str] = orm.mapped_column(sa.String(36), unique=True)
    organisation_id: orm.Mapped[int | None] = orm.mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    url: orm.Mapped[str] = orm.mapped_column(sa.Text)
    description: orm.Mapped[str] = orm.mapped_column(sa.Text)
    types: orm.Mapped[str] = orm.mapped_column(sa.Text)  # separated by spaces; empty: all
    touching: orm.Mapped[bool]
    active: orm.Mapped[bool]
    disabled_because: orm.Mapped[str | None] = orm.mapped_column(sa.String(12))
    secret: orm.Mapped[str] = orm.mapped_column(sa.Text)
    old_secret: orm.Mapped[str | None] = orm.mapped_column(sa.Text)
    old_secret_until: orm.Mapped[dt.datetime | None] = orm.mapped_column(UtcDateTime)
    position: orm.Mapped[int]
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    revision: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    __mapper_args__ = {"version_id_col": revision}


class DeliveryRow(Base):
    """One message for one webhook. ``message`` is its public id, that of the event; ``body`` is what is signed.

    A worker that takes it sets ``claim`` and moves ``due_at`` to the moment from which others may take it over.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        sa.UniqueConstraint("webhook_id", "message"),
        sa.CheckConstraint("state IN ('pending', 'delivered', 'failed')", name="state"),
        sa.Index("ix_webhook_delivery_due", "state", "due_at"),
    )

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    webhook_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("webhook.id", ondelete="CASCADE"))
    message: orm.Mapped[str] = orm.mapped_column(sa.String(36))
    type: orm.Mapped[str] = orm.mapped_column(sa.String(60))
    body: orm.Mapped[str] = orm.mapped_column(sa.Text)
    state: orm.Mapped[str] = orm.mapped_column(sa.String(12))
    attempts: orm.Mapped[int]
    due_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    claim: orm.Mapped[str | None] = orm.mapped_column(sa.String(36))
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    finished_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(UtcDateTime)


class AttemptRow(Base):
    """How one attempt went: a status, or an error. What the receiver wrote is not kept."""

    __tablename__ = "webhook_attempt"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    delivery_id: orm.Mapped[int] = orm.mapped_column(
        sa.ForeignKey("webhook_delivery.id", ondelete="CASCADE"), index=True
    )
    at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    status: orm.Mapped[int | None]
    error: orm.Mapped[str | None] = orm.mapped_column(sa.Text)
    milliseconds: orm.Mapped[int]
