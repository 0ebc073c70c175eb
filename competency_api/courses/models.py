"""Tables of courses.

Every key begins with the provider (``organisation_id``), so that all of them can be divided by provider, and what one
provider does touches no row of another's. Ids are counted within the provider: whoever writes holds the provider's lock
(:func:`competency_api.courses.ledger.changes.lock_provider`) and takes the next ones from :class:`ProviderRow`.

Mappings and their history refer to courses, concepts and versions without foreign keys: checking each of a hundred
thousand rows takes as long as writing them. Their one writer looks every code and course up in memory, and
``courses check-sums`` finds what refers to nothing.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

import competency_api.accounts.queries  # noqa: F401  # brings the table that foreign keys here refer to
from competency_api.core.db import Base, UtcDateTime

# Rows in the order of their key: on SQLite a table is its key, without a second tree beside.
_BY_KEY = {"sqlite_with_rowid": False}


def code_type() -> sa.types.TypeEngine[str]:
    """A concept's code, compared byte by byte: by the rules of a language it takes PostgreSQL several times as long."""
    return sa.String(16).with_variant(sa.String(16, collation="C"), "postgresql")


def _provider() -> orm.Mapped[int]:
    return orm.mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )


class ProviderRow(Base):
    """A provider's settings, and what it has counted so far.

    ``last_change`` is the id of the newest row of :class:`ChangeRow`: the same number, the same courses and mappings.
    It is written past ``revision``, which counts what people change of the settings.
    """

    __tablename__ = "provider"

    organisation_id: orm.Mapped[int] = _provider()
    automatic_migration: orm.Mapped[bool]
    last_course: orm.Mapped[int]
    last_change: orm.Mapped[int]
    revision: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    __mapper_args__ = {"version_id_col": revision}


class CourseRow(Base):
    """A course. ``content`` is its canonical JSON (``values.Course``); the other columns are for finding it.

    A removed course keeps its row, without content, for its history and in case it comes back. ``revision`` counts
    changes of its content; those of its mappings are in the rows of these (``queries.mappings_state``).
    """

    __tablename__ = "course"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "external_id"),
        sa.CheckConstraint("visibility IN ('public', 'private')", name="visibility"),
        sa.CheckConstraint("modality IN ('', 'online', 'classroom', 'blended', 'hands-on')", name="modality"),
        sa.Index("ix_course_uuid", "uuid"),
        sa.Index("ix_course_found", "visibility", "organisation_id", "id"),
    )

    organisation_id: orm.Mapped[int] = _provider()
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    external_id: orm.Mapped[str] = orm.mapped_column(sa.String(200))
    uuid: orm.Mapped[str] = orm.mapped_column(sa.String(36))
    content: orm.Mapped[str] = orm.mapped_column(sa.Text)
    visibility: orm.Mapped[str] = orm.mapped_column(sa.String(8))
    modality: orm.Mapped[str] = orm.mapped_column(sa.String(10))  # empty: not told
    hours: orm.Mapped[int | None]  # hundredths
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    updated_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    removed_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(UtcDateTime)
    revision: orm.Mapped[int]


class CourseLanguageRow(Base):
    """A language in which a course is held: for finding courses by it on both databases."""

    __tablename__ = "course_language"
    __table_args__ = (sa.Index("ix_course_language_found", "language", "organisation_id", "course_id"), _BY_KEY)

    organisation_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    course_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    language: orm.Mapped[str] = orm.mapped_column(sa.String(35), primary_key=True)


class ChangeRow(Base):
    """One transaction that changed courses or mappings of a provider: when, who, why.

    ``reason`` is one of ``values.Reason``; ``details`` a JSON object: counts, the file's name and digest, versions.
    """

    __tablename__ = "course_change"

    organisation_id: orm.Mapped[int] = _provider()
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    actor: orm.Mapped[str] = orm.mapped_column(sa.Text)
    key: orm.Mapped[str | None] = orm.mapped_column(sa.String(36))
    reason: orm.Mapped[str] = orm.mapped_column(sa.String(12))
    details: orm.Mapped[str] = orm.mapped_column(sa.Text)


class MappingRow(Base):
    """A mapping as it is now; ``since`` is the change that made it so. ``hours`` are hundredths."""

    __tablename__ = "mapping"
    __table_args__ = (
        sa.CheckConstraint("relation IN ('teaches', 'assesses', 'requires')", name="relation"),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name="level"),
        sa.CheckConstraint("hours >= 0", name="hours"),
        sa.Index("ix_mapping_concept", "concept", "organisation_id", "course_id"),
        _BY_KEY,
    )

    organisation_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    course_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    concept: orm.Mapped[str] = orm.mapped_column(code_type(), primary_key=True)
    relation: orm.Mapped[str] = orm.mapped_column(sa.String(8), primary_key=True)
    version_id: orm.Mapped[int]
    level: orm.Mapped[int | None] = orm.mapped_column(sa.SmallInteger)
    hours: orm.Mapped[int | None]
    evidence: orm.Mapped[str] = orm.mapped_column(sa.Text)
    span: orm.Mapped[str] = orm.mapped_column(sa.String(60))
    since: orm.Mapped[int]


class MappingHistoryRow(Base):
    """A mapping as it was from the change ``since`` until the change ``until``, and why it ended (``values.Ending``).

    ``became`` is the concept that the mapping is of since it was migrated, if another; empty otherwise.
    """

    __tablename__ = "mapping_history"
    __table_args__ = (sa.Index("ix_mapping_history_until", "organisation_id", "until"),)

    organisation_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    course_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    concept: orm.Mapped[str] = orm.mapped_column(code_type(), primary_key=True)
    relation: orm.Mapped[str] = orm.mapped_column(sa.String(8), primary_key=True)
    until: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    since: orm.Mapped[int]
    version_id: orm.Mapped[int]
    level: orm.Mapped[int | None] = orm.mapped_column(sa.SmallInteger)
    hours: orm.Mapped[int | None]
    evidence: orm.Mapped[str] = orm.mapped_column(sa.Text)
    span: orm.Mapped[str] = orm.mapped_column(sa.String(60))
    ending: orm.Mapped[str] = orm.mapped_column(sa.String(10))
    became: orm.Mapped[str] = orm.mapped_column(code_type())


class CoverageSumRow(Base):
    """How many of a provider's courses are mapped like this, and the hours of those mappings, in hundredths.

    Written in the same transaction as the mappings. ``level`` 0 is none, ``modality`` empty not told. A course counts
    once for each relation to a concept, so that courses of several levels can be added up.
    """

    __tablename__ = "coverage_sum"
    __table_args__ = (_BY_KEY,)

    organisation_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    version_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    concept: orm.Mapped[str] = orm.mapped_column(code_type(), primary_key=True)
    relation: orm.Mapped[str] = orm.mapped_column(sa.String(8), primary_key=True)
    level: orm.Mapped[int] = orm.mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    modality: orm.Mapped[str] = orm.mapped_column(sa.String(10), primary_key=True)
    visibility: orm.Mapped[str] = orm.mapped_column(sa.String(8), primary_key=True)
    courses: orm.Mapped[int]
    hours: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)


class CoverageTotalRow(Base):
    """The same over the public courses of all providers: hundreds of providers' sums take too long to add up.

    Written at the very end of a transaction, under a lock, so that concurrent imports wait for each other only there.
    """

    __tablename__ = "coverage_total"
    __table_args__ = (_BY_KEY,)

    version_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    concept: orm.Mapped[str] = orm.mapped_column(code_type(), primary_key=True)
    relation: orm.Mapped[str] = orm.mapped_column(sa.String(8), primary_key=True)
    level: orm.Mapped[int] = orm.mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    modality: orm.Mapped[str] = orm.mapped_column(sa.String(10), primary_key=True)
    courses: orm.Mapped[int]
    hours: orm.Mapped[int] = orm.mapped_column(sa.BigInteger)
