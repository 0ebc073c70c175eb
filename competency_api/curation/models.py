"""Tables of proposals.

A proposal holds the contents that its author saw (``proposal_base``), so that what it changes can be told and joined
with the changes of others at any time, whatever the draft has become since.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core.db import Base, UtcDateTime


class ProposalRow(Base):
    """One proposal. ``author`` is who it is to the service, ``author_name`` how they were called then.
    ``submitted_at`` is its first submission: from then on curators of other organisations see it.

    ``accepted_after`` is the id of the newest version when it was accepted: the version after that one contains it.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'changes-requested', 'accepted', 'rejected', 'withdrawn')", name="state"
        ),
        sa.CheckConstraint("(state = 'accepted') = (accepted_after IS NOT NULL)", name="accepted"),
    )

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    uuid: orm.Mapped[str] = orm.mapped_column(sa.String(36), unique=True)
    title: orm.Mapped[str] = orm.mapped_column(sa.Text)
    rationale: orm.Mapped[str] = orm.mapped_column(sa.Text)
    state: orm.Mapped[str] = orm.mapped_column(sa.String(20), index=True)
    organisation_id: orm.Mapped[int | None] = orm.mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    author: orm.Mapped[str] = orm.mapped_column(sa.String(100))
    author_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    changed_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    submitted_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(UtcDateTime)
    decided_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(UtcDateTime)
    decided_by: orm.Mapped[str | None] = orm.mapped_column(sa.Text)
    decision: orm.Mapped[str] = orm.mapped_column(sa.Text)
    accepted_after: orm.Mapped[int | None]
    changes: orm.Mapped[int]
    last_number: orm.Mapped[int]
    revision: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    __mapper_args__ = {"version_id_col": revision}


class ProposalChangeRow(Base):
    """One typed change. Its number stays, so that comments on it do; numbers are not used again."""

    __tablename__ = "proposal_change"

    proposal_id: orm.Mapped[int] = orm.mapped_column(
        sa.ForeignKey("proposal.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    number: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    content: orm.Mapped[str] = orm.mapped_column(sa.Text)  # JSON of one change


class ProposalBaseRow(Base):
    """The content of one concept that the changes were made from; empty where there was none yet."""

    __tablename__ = "proposal_base"

    proposal_id: orm.Mapped[int] = orm.mapped_column(
        sa.ForeignKey("proposal.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    code: orm.Mapped[str] = orm.mapped_column(sa.String(16), primary_key=True, index=True)
    content: orm.Mapped[str] = orm.mapped_column(sa.Text)  # canonical JSON


class ProposalCommentRow(Base):
    """A comment on a proposal or, with ``change_number``, on one change of it; ``reply_to_id`` makes it an answer."""

    __tablename__ = "proposal_comment"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    uuid: orm.Mapped[str] = orm.mapped_column(sa.String(36), unique=True)
    proposal_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("proposal.id", ondelete="RESTRICT"), index=True)
    change_number: orm.Mapped[int | None]
    reply_to_id: orm.Mapped[int | None] = orm.mapped_column(
        sa.ForeignKey("proposal_comment.id", ondelete="RESTRICT"), index=True
    )
    author: orm.Mapped[str] = orm.mapped_column(sa.String(100))
    author_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    organisation_id: orm.Mapped[int | None] = orm.mapped_column(sa.ForeignKey("organisation.id", ondelete="RESTRICT"))
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    text: orm.Mapped[str] = orm.mapped_column(sa.Text)


class ConceptCommentRow(Base):
    """A comment of a curator on a concept, whatever proposal changes it, if any. It is never changed."""

    __tablename__ = "concept_comment"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    uuid: orm.Mapped[str] = orm.mapped_column(sa.String(36), unique=True)
    code: orm.Mapped[str] = orm.mapped_column(sa.String(16), index=True)
    author: orm.Mapped[str] = orm.mapped_column(sa.String(100))
    author_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    organisation_id: orm.Mapped[int | None] = orm.mapped_column(sa.ForeignKey("organisation.id", ondelete="RESTRICT"))
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    text: orm.Mapped[str] = orm.mapped_column(sa.Text)
