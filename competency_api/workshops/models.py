"""Tables of workshops.

What is stored of a participant is a table, perhaps a role, and the digests of two random numbers, until the workshop
closes: then the rows of participants are deleted, and ballots belong to a table and a role only. No row says when
somebody joined, typed a need or cast a ballot.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

import competency_api.accounts.queries  # noqa: F401  # brings the table that foreign keys here refer to
from competency_api.core.db import Base, UtcDateTime


def _in_workshop(*, key: bool = False) -> orm.Mapped[int]:
    return orm.mapped_column(sa.ForeignKey("workshop.id", ondelete="RESTRICT"), primary_key=key, autoincrement=False)


def _of_topic(*, key: bool = False) -> orm.Mapped[int]:
    return orm.mapped_column(
        sa.ForeignKey("workshop_topic.id", ondelete="RESTRICT"), primary_key=key, autoincrement=False
    )


class WorkshopRow(Base):
    """A workshop. ``code`` is its name in addresses. Texts are JSON objects {language: text}, ``agenda`` a JSON list of
    {"at": time or null, "title": texts}, ``languages`` a JSON list of tags, the first one its own.

    ``version_id`` is the published version that its options come from. The times are of its states (``values.State``).
    """

    __tablename__ = "workshop"
    __table_args__ = (sa.CheckConstraint("state IN ('draft', 'open', 'closed', 'reported')", name="state"),)

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    uuid: orm.Mapped[str] = orm.mapped_column(sa.String(36), unique=True)
    code: orm.Mapped[str] = orm.mapped_column(sa.String(60), unique=True)
    organisation_id: orm.Mapped[int | None] = orm.mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    version_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("version.id", ondelete="RESTRICT"))
    title: orm.Mapped[str] = orm.mapped_column(sa.Text)
    purpose: orm.Mapped[str] = orm.mapped_column(sa.Text)
    place: orm.Mapped[str] = orm.mapped_column(sa.Text)
    time_zone: orm.Mapped[str] = orm.mapped_column(sa.String(64))  # IANA name
    starts_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    ends_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    agenda: orm.Mapped[str] = orm.mapped_column(sa.Text)
    languages: orm.Mapped[str] = orm.mapped_column(sa.Text)
    state: orm.Mapped[str] = orm.mapped_column(sa.String(8), index=True)
    created_by: orm.Mapped[str] = orm.mapped_column(sa.String(100))  # Actor.identity
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    opened_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(UtcDateTime)
    closed_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(UtcDateTime)
    reported_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(UtcDateTime)
    #: Grows with every ballot, need and topic that changes: whoever shows results asks by it whether to count again.
    activity: orm.Mapped[int]
    revision: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    __mapper_args__ = {"version_id_col": revision}


class RoundRow(Base):
    """A round: a stretch of the session after which participants may sit at another table."""

    __tablename__ = "workshop_round"

    workshop_id: orm.Mapped[int] = _in_workshop(key=True)
    number: orm.Mapped[int] = orm.mapped_column(primary_key=True, autoincrement=False)
    title: orm.Mapped[str] = orm.mapped_column(sa.Text)  # JSON texts
    minutes: orm.Mapped[int | None]


class TableRow(Base):
    """A table. ``challenge`` is a concept of the workshop's version; ``facilitator`` is ``key/<id of a key>`` or
    ``person/<uuid>``; ``join_code`` is what participants type."""

    __tablename__ = "workshop_table"
    __table_args__ = (sa.UniqueConstraint("workshop_id", "number"),)

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    workshop_id: orm.Mapped[int] = _in_workshop()
    number: orm.Mapped[int]
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    challenge: orm.Mapped[str | None] = orm.mapped_column(sa.String(16))
    facilitator: orm.Mapped[str | None] = orm.mapped_column(sa.String(100), index=True)
    facilitator_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    join_code: orm.Mapped[str] = orm.mapped_column(sa.String(12), unique=True)
    revision: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    __mapper_args__ = {"version_id_col": revision}


class TopicRow(Base):
    """A question with options. ``name`` is its name in addresses; ``filters`` a JSON object of the filters that chose
    concepts, empty without; ``closes_at`` is what the timer counts down to."""

    __tablename__ = "workshop_topic"
    __table_args__ = (
        sa.UniqueConstraint("workshop_id", "name"),
        sa.CheckConstraint("state IN ('waiting', 'open', 'closed')", name="state"),
    )

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    workshop_id: orm.Mapped[int] = _in_workshop()
    name: orm.Mapped[str] = orm.mapped_column(sa.String(60))
    position: orm.Mapped[int]
    round_number: orm.Mapped[int | None]
    question: orm.Mapped[str] = orm.mapped_column(sa.Text)  # JSON texts
    takes_needs: orm.Mapped[bool]
    filters: orm.Mapped[str] = orm.mapped_column(sa.Text)
    state: orm.Mapped[str] = orm.mapped_column(sa.String(7))
    #: The workshop's activity when something of this topic last changed: its result is counted again only then.
    activity: orm.Mapped[int]
    closes_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(UtcDateTime)
    revision: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    __mapper_args__ = {"version_id_col": revision}


class OptionRow(Base):
    """What can be ranked. ``name`` is a concept's code, or a name of the topic's own; ``texts`` (JSON) is empty for
    concepts, whose texts are the version's. With ``table_id`` only that table ranks it."""

    __tablename__ = "workshop_option"

    topic_id: orm.Mapped[int] = _of_topic(key=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.String(60), primary_key=True)
    position: orm.Mapped[int]
    concept: orm.Mapped[str | None] = orm.mapped_column(sa.String(16), index=True)
    texts: orm.Mapped[str] = orm.mapped_column(sa.Text)
    table_id: orm.Mapped[int | None] = orm.mapped_column(sa.ForeignKey("workshop_table.id", ondelete="RESTRICT"))


class NeedRow(Base):
    """A need as typed. ``option`` is the option that it was merged with or became; ``participant_id`` says whose it is
    until the workshop closes."""

    __tablename__ = "workshop_need"
    __table_args__ = (
        sa.CheckConstraint("state IN ('waiting', 'merged', 'released', 'declined')", name="state"),
        sa.CheckConstraint("(state IN ('merged', 'released')) = (option IS NOT NULL)", name="option"),
    )

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    uuid: orm.Mapped[str] = orm.mapped_column(sa.String(36), unique=True)
    topic_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("workshop_topic.id", ondelete="RESTRICT"), index=True)
    table_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("workshop_table.id", ondelete="RESTRICT"), index=True)
    participant_id: orm.Mapped[int | None] = orm.mapped_column(
        sa.ForeignKey("workshop_participant.id", ondelete="SET NULL"), index=True
    )
    text: orm.Mapped[str] = orm.mapped_column(sa.Text)
    language: orm.Mapped[str] = orm.mapped_column(sa.String(35))
    state: orm.Mapped[str] = orm.mapped_column(sa.String(8))
    option: orm.Mapped[str | None] = orm.mapped_column(sa.String(60))
    revision: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    __mapper_args__ = {"version_id_col": revision}


class ParticipantRow(Base):
    """Somebody in the room: digests of the token and of the browser's session, both random; deleted on closing."""

    __tablename__ = "workshop_participant"
    __table_args__ = (sa.UniqueConstraint("workshop_id", "session_digest"),)

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    workshop_id: orm.Mapped[int] = _in_workshop()
    table_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("workshop_table.id", ondelete="RESTRICT"), index=True)
    role: orm.Mapped[str | None] = orm.mapped_column(sa.String(12))
    token_digest: orm.Mapped[str] = orm.mapped_column(sa.String(64), unique=True)
    session_digest: orm.Mapped[str] = orm.mapped_column(sa.String(64))


class BallotRow(Base):
    """A ballot: ``levels`` is a JSON list of lists of option names, the best first. ``participant_id`` is None once the
    workshop is closed. ``casts`` counts how often it was cast: a change is told from a repetition by it."""

    __tablename__ = "workshop_ballot"
    __table_args__ = (sa.UniqueConstraint("topic_id", "participant_id"),)

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    topic_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("workshop_topic.id", ondelete="RESTRICT"), index=True)
    table_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("workshop_table.id", ondelete="RESTRICT"), index=True)
    participant_id: orm.Mapped[int | None] = orm.mapped_column(
        sa.ForeignKey("workshop_participant.id", ondelete="SET NULL"), index=True
    )
    role: orm.Mapped[str | None] = orm.mapped_column(sa.String(12))
    levels: orm.Mapped[str] = orm.mapped_column(sa.Text)
    casts: orm.Mapped[int]


class ConclusionRow(Base):
    """A version of what a table concluded on a topic or, without table and topic, of the plenary's report.

    ``number`` counts from 1; nothing is overwritten. ``digest`` (SHA-256) is of the canonical JSON of the content, the
    signer and the digest of the version before; ``signature`` is a JWS of the deployment over it, empty where the
    deployment has no signing key.
    """

    __tablename__ = "workshop_conclusion"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    uuid: orm.Mapped[str] = orm.mapped_column(sa.String(36), unique=True)
    workshop_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("workshop.id", ondelete="RESTRICT"), index=True)
    #: "report", or "<topic>/<table number>": what has versions.
    subject: orm.Mapped[str] = orm.mapped_column(sa.String(80))
    number: orm.Mapped[int]
    text: orm.Mapped[str] = orm.mapped_column(sa.Text)  # JSON texts
    signed_by: orm.Mapped[str] = orm.mapped_column(sa.String(100))  # public id of the key
    signer_name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    signed_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    digest: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    signature: orm.Mapped[str] = orm.mapped_column(sa.Text)
    __table_args__ = (sa.UniqueConstraint("workshop_id", "subject", "number"),)


class StandingRow(Base):
    """Where a concept came in a closed workshop's topic: for what concept pages say. ``of`` is the number of options,
    ``borda`` points per ballot as a share of the most that one can have, in thousandths."""

    __tablename__ = "workshop_standing"

    topic_id: orm.Mapped[int] = _of_topic(key=True)
    concept: orm.Mapped[str] = orm.mapped_column(sa.String(16), primary_key=True, index=True)
    workshop_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("workshop.id", ondelete="RESTRICT"), index=True)
    place: orm.Mapped[int]
    of: orm.Mapped[int]
    ballots: orm.Mapped[int]
    borda: orm.Mapped[int]


class OutcomeRow(Base):
    """A proposal or a comment made from a result: so that the step can be repeated and makes nothing twice."""

    __tablename__ = "workshop_outcome"

    topic_id: orm.Mapped[int] = _of_topic(key=True)
    option: orm.Mapped[str] = orm.mapped_column(sa.String(60), primary_key=True)
    kind: orm.Mapped[str] = orm.mapped_column(sa.String(8), primary_key=True)  # add, comment, profile
    made: orm.Mapped[str] = orm.mapped_column(sa.String(36))  # uuid of the proposal or comment
