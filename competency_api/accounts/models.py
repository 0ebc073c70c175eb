"""Tables of organisations, people, keys and the audit trail, and what keeps the trail from being changed."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core.db import Base, UtcDateTime


def _words(column: str, words: str) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words.split())})"


class OrganisationRow(Base):
    """A partner, a provider, or both."""

    __tablename__ = "organisation"
    __table_args__ = (sa.CheckConstraint(_words("kind", "partner provider both"), name="kind"),)

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    code: orm.Mapped[str] = orm.mapped_column(sa.String(60), unique=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    kind: orm.Mapped[str] = orm.mapped_column(sa.String(8))
    active: orm.Mapped[bool]
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    revision: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    __mapper_args__ = {"version_id_col": revision}


class PersonRow(Base):
    """A person, in one organisation or, as administrator, in none."""

    __tablename__ = "person"
    __table_args__ = (
        sa.CheckConstraint(_words("role", "member editor publisher admin"), name="role"),
        sa.CheckConstraint("(role = 'admin') = (organisation_id IS NULL)", name="admins_are_outside"),
    )

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    uuid: orm.Mapped[str] = orm.mapped_column(sa.String(36), unique=True)
    organisation_id: orm.Mapped[int | None] = orm.mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    email: orm.Mapped[str | None] = orm.mapped_column(sa.Text)
    role: orm.Mapped[str] = orm.mapped_column(sa.String(12))
    active: orm.Mapped[bool]
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    revision: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    organisation: orm.Mapped[OrganisationRow | None] = orm.relationship(lazy="raise")
    __mapper_args__ = {"version_id_col": revision}


class KeyRow(Base):
    """An API key, of a person, of an organisation's machine, or of the deployment. ``replaces`` is set by a rotation.

    Its last use is written past the revision, which counts what people change.
    """

    __tablename__ = "api_key"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    uuid: orm.Mapped[str] = orm.mapped_column(sa.String(36), unique=True)
    digest: orm.Mapped[str] = orm.mapped_column(sa.String(64), unique=True)
    prefix: orm.Mapped[str] = orm.mapped_column(sa.String(12), index=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.Text)
    scopes: orm.Mapped[str] = orm.mapped_column(sa.Text)  # separated by spaces
    organisation_id: orm.Mapped[int | None] = orm.mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    person_id: orm.Mapped[int | None] = orm.mapped_column(sa.ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    replaces_id: orm.Mapped[int | None] = orm.mapped_column(
        sa.ForeignKey("api_key.id", ondelete="RESTRICT"), unique=True
    )
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    expires_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(UtcDateTime)
    revoked_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(UtcDateTime)
    last_used_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(UtcDateTime)
    revision: orm.Mapped[int] = orm.mapped_column(sa.Integer)
    organisation: orm.Mapped[OrganisationRow | None] = orm.relationship(lazy="raise")
    person: orm.Mapped[PersonRow | None] = orm.relationship(lazy="raise")
    replaces: orm.Mapped[KeyRow | None] = orm.relationship(remote_side=[id], lazy="raise")
    __mapper_args__ = {"version_id_col": revision}


class AuditRow(Base):
    """One thing that somebody did. Names are kept as they were: people and organisations change theirs."""

    __tablename__ = "audit_entry"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    at: orm.Mapped[dt.datetime] = orm.mapped_column(UtcDateTime)
    actor: orm.Mapped[str] = orm.mapped_column(sa.Text)
    key: orm.Mapped[str | None] = orm.mapped_column(sa.String(36), index=True)
    action: orm.Mapped[str] = orm.mapped_column(sa.String(60))
    subject: orm.Mapped[str] = orm.mapped_column(sa.String(120), index=True)
    organisation_id: orm.Mapped[int | None] = orm.mapped_column(
        sa.ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    details: orm.Mapped[str] = orm.mapped_column(sa.Text)  # JSON object


_MESSAGE = "the audit trail is only ever added to"
_VERBS = ("UPDATE", "DELETE")


def audit_guards(dialect: str) -> list[str]:
    """The statements that put up the triggers which refuse every change of the audit trail."""
    if dialect != "postgresql":
        return [
            f"CREATE TRIGGER append_only_audit_{verb.lower()} BEFORE {verb} ON audit_entry"
            f" BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
            for verb in _VERBS
        ]
    return [
        "CREATE FUNCTION append_only_audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER append_only_audit BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry"
        " FOR EACH STATEMENT EXECUTE FUNCTION append_only_audit()",
    ]


def audit_guard_removals(dialect: str) -> list[str]:
    """The statements that take them down, for a downgrade of the schema."""
    if dialect != "postgresql":
        return [f"DROP TRIGGER append_only_audit_{verb.lower()}" for verb in _VERBS]
    return ["DROP TRIGGER append_only_audit ON audit_entry", "DROP FUNCTION append_only_audit"]
