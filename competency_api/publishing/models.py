"""Tables of publishing."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core.db import Base, UtcDateTime


class SigningKeyRow(Base):
    """A public key of the deployment with which something was signed that does not keep the key itself, as versions do.

    It is never deleted: a deployment that changed its key still says by which one the old signatures are right.
    """

    __tablename__ = "signing_key"

    key_id: orm.Mapped[str] = orm.mapped_column(sa.String(64), primary_key=True)
    public_key: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    first_used_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
