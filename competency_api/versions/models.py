"""Tables of the taxonomy's versions.

Only ``draft_entry`` moves. A concept's content is stored once however many versions share it. The row of ``version`` is
written last in a publication: while it is missing its entries may be added, once it is there the triggers of
:mod:`competency_api.versions.guards` refuse every change, so that nobody can add to a published version either.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core.db import Base, UtcDateTime


class ConceptRow(Base):
    """The permanent identity of a concept."""

    __tablename__ = "concept"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    code: orm.Mapped[str] = orm.mapped_column(sa.String(16), unique=True)
    uuid: orm.Mapped[str] = orm.mapped_column(sa.String(36), unique=True)
    kind: orm.Mapped[str] = orm.mapped_column(sa.String(40))


class ConceptVersionRow(Base):
    """One content of one concept, as canonical JSON."""

    __tablename__ = "concept_version"
    __table_args__ = (sa.UniqueConstraint("concept_id", "digest"),)

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    concept_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("concept.id", ondelete="RESTRICT"))
    digest: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    content: orm.Mapped[str] = orm.mapped_column(sa.Text)


class DraftEntryRow(Base):
    """Which content a concept has in the working state."""

    __tablename__ = "draft_entry"

    concept_id: orm.Mapped[int] = orm.mapped_column(
        sa.ForeignKey("concept.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    concept_version_id: orm.Mapped[int] = orm.mapped_column(
        sa.ForeignKey("concept_version.id", ondelete="RESTRICT"), index=True
    )


class VersionRow(Base):
    """A published version. ``id`` counts from 1 without a gap: history is one line, the parent is the row before."""

    __tablename__ = "version"
    __table_args__ = (
        sa.CheckConstraint("(id = 1 AND parent_id IS NULL) OR parent_id = id - 1", name="one_line"),
        sa.UniqueConstraint("major", "minor", "patch"),
    )

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    parent_id: orm.Mapped[int | None] = orm.mapped_column(sa.ForeignKey("version.id", ondelete="RESTRICT"), unique=True)
    major: orm.Mapped[int]
    minor: orm.Mapped[int]
    patch: orm.Mapped[int]
    title: orm.Mapped[str] = orm.mapped_column(sa.Text)
    notes: orm.Mapped[str] = orm.mapped_column(sa.Text)
    publisher: orm.Mapped[str] = orm.mapped_column(sa.Text)
    published_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    published_by: orm.Mapped[str] = orm.mapped_column(sa.Text)
    valid_from: orm.Mapped[dt.date]
    digest: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    bump: orm.Mapped[str | None] = orm.mapped_column(sa.String(8))
    summary: orm.Mapped[str] = orm.mapped_column(sa.Text)  # JSON of values.Summary
    findings: orm.Mapped[str] = orm.mapped_column(sa.Text)  # JSON list of rules.Finding
    idempotency_key: orm.Mapped[str | None] = orm.mapped_column(sa.String(200), unique=True)
    fingerprint: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    sealed: orm.Mapped[str] = orm.mapped_column(sa.Text)  # JSON: the digest of each member of this row, see sealing
    seal: orm.Mapped[str] = orm.mapped_column(sa.String(64))


class VersionEntryRow(Base):
    """Which content a concept has in a version. Its reference to the version is checked when the transaction ends."""

    __tablename__ = "version_entry"

    version_id: orm.Mapped[int] = orm.mapped_column(
        sa.ForeignKey("version.id", ondelete="RESTRICT", deferrable=True, initially="DEFERRED"),
        primary_key=True,
        autoincrement=False,
    )
    concept_version_id: orm.Mapped[int] = orm.mapped_column(
        sa.ForeignKey("concept_version.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False, index=True
    )


class VersionChangeRow(Base):
    """One typed change of a version against its parent: the changelog as data.

    ``edits`` is the JSON list of the change's edits; empty for ``added``, whose content is in the version itself.
    """

    __tablename__ = "version_change"

    version_id: orm.Mapped[int] = orm.mapped_column(
        sa.ForeignKey("version.id", ondelete="RESTRICT", deferrable=True, initially="DEFERRED"),
        primary_key=True,
        autoincrement=False,
    )
    position: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    code: orm.Mapped[str] = orm.mapped_column(sa.String(16), index=True)
    type: orm.Mapped[str] = orm.mapped_column(sa.String(16))
    bump: orm.Mapped[str] = orm.mapped_column(sa.String(8))
    meaning: orm.Mapped[bool]
    edits: orm.Mapped[str] = orm.mapped_column(sa.Text)


class SignatureRow(Base):
    """Who signed a version, written with it; ``token`` is the statement of :mod:`competency_api.versions.sealing`.

    The public key is kept: a deployment that changed its key still says by which one the old versions are right.
    """

    __tablename__ = "version_signature"

    version_id: orm.Mapped[int] = orm.mapped_column(
        sa.ForeignKey("version.id", ondelete="RESTRICT", deferrable=True, initially="DEFERRED"),
        primary_key=True,
        autoincrement=False,
    )
    key_id: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    public_key: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    token: orm.Mapped[str] = orm.mapped_column(sa.Text)


class WithdrawalRow(Base):
    """That a version should no longer be used, why, and what to use instead. It is added later and never taken back."""

    __tablename__ = "version_withdrawal"
    __table_args__ = (sa.CheckConstraint("successor_id <> version_id", name="another"),)

    version_id: orm.Mapped[int] = orm.mapped_column(
        sa.ForeignKey("version.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    successor_id: orm.Mapped[int | None] = orm.mapped_column(sa.ForeignKey("version.id", ondelete="RESTRICT"))
    withdrawn_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    withdrawn_by: orm.Mapped[str] = orm.mapped_column(sa.Text)
    reason: orm.Mapped[str] = orm.mapped_column(sa.Text)


class VersionReadersRow(Base):
    """How often a version was asked for by a name on one day: by number, prefix, day or ``latest``; by nobody in
    particular. ``mark`` says in which way: empty for data, ``embed`` for what stands in other sites.
    """

    __tablename__ = "version_readers"

    day: orm.Mapped[dt.date] = orm.mapped_column(sa.Date, primary_key=True)
    mark: orm.Mapped[str] = orm.mapped_column(sa.String(20), primary_key=True)
    reference: orm.Mapped[str] = orm.mapped_column(sa.String(20), primary_key=True)
    requests: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)


#: Tables whose rows belong to a version from their first moment.
SEALED = (VersionChangeRow, VersionEntryRow, SignatureRow, WithdrawalRow, VersionRow)
#: Tables whose rows are never changed.
IMMUTABLE = (*SEALED, ConceptVersionRow, ConceptRow)
