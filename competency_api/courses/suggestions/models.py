"""Tables of suggestions: what was decided, the words of the texts that it was decided for, and lists for catalogues.

As other tables of courses they begin with the provider and have no foreign keys on courses, concepts and versions.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

import competency_api.accounts.queries  # noqa: F401  # brings the table that foreign keys here refer to
from competency_api.core.db import Base, UtcDateTime
from competency_api.courses.models import code_type


def _provider() -> orm.Mapped[int]:
    return orm.mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )


class DecidedRow(Base):
    """What a provider decided about a concept that was suggested for a course: the last time counts.

    ``digest`` is that of the text that it was suggested for. ``relation`` and ``level`` are those of the mapping that
    was written, or of the suggestion that was rejected. ``visibility`` is what the course had then: a text that nobody
    else could read when it was decided for must not be told from the likeness of others later.
    """

    __tablename__ = "suggestion_decision"
    __table_args__ = (
        sa.CheckConstraint("verdict IN ('accepted', 'rejected')", name="verdict"),
        sa.CheckConstraint("visibility IN ('public', 'private')", name="visibility"),
    )

    organisation_id: orm.Mapped[int] = _provider()
    course_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    concept: orm.Mapped[str] = orm.mapped_column(code_type(), primary_key=True)
    verdict: orm.Mapped[str] = orm.mapped_column(sa.String(8))
    digest: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    version_id: orm.Mapped[int]
    relation: orm.Mapped[str] = orm.mapped_column(sa.String(8))
    level: orm.Mapped[int | None] = orm.mapped_column(sa.SmallInteger)
    confidence: orm.Mapped[float] = orm.mapped_column(sa.Float)
    visibility: orm.Mapped[str] = orm.mapped_column(sa.String(8))
    decided_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    actor: orm.Mapped[str] = orm.mapped_column(sa.Text)
    key: orm.Mapped[str | None] = orm.mapped_column(sa.String(36))


class TextRow(Base):
    """The words of a text that something was decided for: stems with their counts as a JSON object, without order.

    ``language`` is the primary subtag of the language in which it was read.
    """

    __tablename__ = "suggestion_text"

    organisation_id: orm.Mapped[int] = _provider()
    course_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    digest: orm.Mapped[str] = orm.mapped_column(sa.String(64), primary_key=True)
    language: orm.Mapped[str] = orm.mapped_column(sa.String(8))
    words: orm.Mapped[str] = orm.mapped_column(sa.Text)


class ListRow(Base):
    """Suggestions for a whole catalogue, made by a job. ``id`` is counted within the provider.

    ``asked`` is a JSON object of what was asked for; ``courses`` were read, ``suggestions`` found.
    """

    __tablename__ = "suggestion_list"

    organisation_id: orm.Mapped[int] = _provider()
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    version_id: orm.Mapped[int]
    asked: orm.Mapped[str] = orm.mapped_column(sa.Text)
    courses: orm.Mapped[int]
    suggestions: orm.Mapped[int]
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    actor: orm.Mapped[str] = orm.mapped_column(sa.Text)


class SuggestionRow(Base):
    """A suggestion of a list: the ``place``-th of its course, best first. ``found`` is the match as JSON.

    ``digest`` is that of the text, ``language`` the tag of the course's text that was read.
    """

    __tablename__ = "suggestion"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["organisation_id", "list_id"],
            ["suggestion_list.organisation_id", "suggestion_list.id"],
            ondelete="CASCADE",
        ),
    )

    organisation_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    list_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    course_id: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    place: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    concept: orm.Mapped[str] = orm.mapped_column(code_type())
    confidence: orm.Mapped[float] = orm.mapped_column(sa.Float)
    digest: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    language: orm.Mapped[str] = orm.mapped_column(sa.String(35))
    found: orm.Mapped[str] = orm.mapped_column(sa.Text)
