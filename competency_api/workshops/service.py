"""Commands on a workshop as a whole. Each leaves its entry in the audit trail, and what others ask for an event."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import available_timezones

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.queries import find_organisation
from competency_api.accounts.service import record as audit
from competency_api.accounts.values import Actor
from competency_api.core import clock
from competency_api.core.db import require_revision
from competency_api.core.errors import Conflict, FieldError, Forbidden, InvalidInput
from competency_api.core.ids import new_uuid
from competency_api.core.languages import find_tag
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable
from competency_api.courses.pins import Pins
from competency_api.events import service as events
from competency_api.events.values import Audience
from competency_api.workshops import queries, wording
from competency_api.workshops.activity import raise_activity
from competency_api.workshops.models import OptionRow, RoundRow, TableRow, TopicRow, WorkshopRow
from competency_api.workshops.outcome.standings import keep_standings
from competency_api.workshops.preparing.faults import Faults
from competency_api.workshops.tables.keys import revoke_keys
from competency_api.workshops.topics.opening import close_all
from competency_api.workshops.topics.templates import add_topics_of
from competency_api.workshops.values import LONGEST_NAME, RESERVED, TRANSITIONS, State, Verb
from competency_api.workshops.voting.participants import forget_participants

_TEXTS = ("title", "purpose", "place")


def subject_of(row: WorkshopRow) -> str:
    """How events and the audit trail call it."""
    return f"workshop/{row.code}"


def create_workshop(session: orm.Session, actor: Actor, body: Mapping[str, Any], pins: Pins) -> WorkshopRow:
    """Raises InvalidInput, Forbidden for keys of tables, and Conflict for a code that is taken."""
    if queries.is_table_key(session, actor):
        raise Forbidden("This key was made for a table of a workshop, and is good for nothing else.")
    given, faults = dict[str, Any](), Faults()
    for name, read in _READERS.items():
        with faults.of():
            given[name] = read(body)
    with faults.of():
        _check_times(body["starts_at"], body["ends_at"])
    with faults.of():
        given["organisation_id"] = _organisation_id(session, actor, body.get("organisation"))
    faults.tell()
    row = WorkshopRow(
        uuid=new_uuid(),
        code=_new_code(session, body.get("code"), wording.read(given["title"]), body["starts_at"]),
        version_id=pins.resolve(body.get("version", "latest")).id,
        starts_at=body["starts_at"],
        ends_at=body["ends_at"],
        state=State.DRAFT.value,
        created_by=actor.identity,
        created_at=clock.now(),
        activity=0,
        **given,
    )
    session.add(row)
    session.flush()
    if body.get("template"):
        add_topics_of(session, row, body["template"], pins.taxonomy(row.version_id))
    audit(session, actor, "workshop.created", subject_of(row), row.organisation_id)
    return row


def change_workshop(
    session: orm.Session, actor: Actor, row: WorkshopRow, expected: frozenset[int], body: Mapping[str, Any]
) -> WorkshopRow:
    """Change the members that are given. Raises PreconditionFailed, InvalidInput, and Conflict once it is reported."""
    raise_activity(session, row.id)
    session.refresh(row)
    require_revision(row.revision, expected)
    if row.state == State.REPORTED:
        raise Conflict("The workshop is reported: what it was is on record, and no longer changed.")
    _check_times(body.get("starts_at", row.starts_at), body.get("ends_at", row.ends_at))
    for name in _TEXTS:
        if name in body:
            setattr(row, name, wording.stored(wording.checked(body[name], f"/{name}", required=name == "title")))
    for name in ("starts_at", "ends_at"):
        setattr(row, name, body.get(name, getattr(row, name)))
    row.time_zone = _zone(body["time_zone"]) if "time_zone" in body else row.time_zone
    row.agenda = wording.stored(_agenda(body["agenda"])) if "agenda" in body else row.agenda
    row.languages = wording.stored(_languages(body["languages"])) if body.get("languages") else row.languages
    session.flush()
    audit(session, actor, "workshop.changed", subject_of(row), row.organisation_id, members=sorted(body))
    return row


def delete_workshop(session: orm.Session, actor: Actor, row: WorkshopRow, expected: frozenset[int]) -> None:
    """Raises PreconditionFailed, and Conflict once it was open: then people had a part in it."""
    require_revision(row.revision, expected)
    if row.state != State.DRAFT:
        raise Conflict(f"The workshop is {row.state}; only one that was never open can be deleted.")
    revoke_keys(session, actor, queries.list_tables(session, row.id))
    topics = sa.select(TopicRow.id).where(TopicRow.workshop_id == row.id)
    session.execute(sa.delete(OptionRow).where(OptionRow.topic_id.in_(topics)))
    for table in (TopicRow, RoundRow, TableRow):
        session.execute(sa.delete(table).where(table.workshop_id == row.id))
    session.delete(row)
    session.flush()
    audit(session, actor, "workshop.deleted", subject_of(row), row.organisation_id)


def act(session: orm.Session, actor: Actor, row: WorkshopRow, verb: Verb, expected: frozenset[int]) -> WorkshopRow:
    """Lead a workshop to its next state. Raises PreconditionFailed, and Conflict where its state does not permit it.

    Closing closes the topics that are open, and forgets everybody who was in the room.
    """
    transition = TRANSITIONS[verb]
    raise_activity(session, row.id)
    session.refresh(row)
    require_revision(row.revision, expected)
    if row.state not in transition.sources:
        needed = " or ".join(sorted(transition.sources))
        raise Conflict(f"The workshop is {row.state}; this is possible while it is {needed}.")
    if verb is Verb.OPENING:
        _require_complete(session, row)
    if verb is Verb.CLOSING:
        close_all(session, row)
        keep_standings(session, row)
        forget_participants(session, row)
    row.state = str(transition.target)
    setattr(row, f"{transition.event}_at", clock.now())
    session.flush()
    audience = Audience.PUBLIC if verb is Verb.REPORTING else Audience.ORGANISATION
    data = {"code": row.code, "title": wording.read(row.title), "state": row.state}
    if row.organisation_id is not None or audience is Audience.PUBLIC:
        owner = row.organisation_id
        events.record(
            session, f"workshop.{transition.event}", subject_of(row), actor.name, data,
            audience=audience, organisation_id=owner,
        )  # fmt: skip
    audit(session, actor, f"workshop.{transition.event}", subject_of(row), row.organisation_id)
    return row


# -- what is checked ---------------------------------------------------------------------------------------------------


def _require_complete(session: orm.Session, row: WorkshopRow) -> None:
    missing = [
        what
        for what, rows in (
            ("a table to join", queries.list_tables(session, row.id)),
            ("a topic to rank", queries.list_topics(session, row.id)),
        )
        if not rows
    ]
    if missing:
        raise Conflict(f"The workshop lacks {' and '.join(missing)}; add it first.")


def _check_times(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if ends_at < starts_at:
        raise InvalidInput(FieldError("It ends before it starts.", pointer="/ends_at"))


def _zone(name: str) -> str:
    known = available_timezones()
    if name not in known:
        message = f'"{printable(name)}" is not a time zone of IANA.{did_you_mean(name, known)}'
        raise InvalidInput(FieldError(message, pointer="/time_zone"))
    return name


def _languages(tags: list[str]) -> list[str]:
    found = [find_tag(tag) for tag in tags]
    errors = [
        FieldError(f'"{printable(tag)}" is not a language tag of BCP 47.', pointer=f"/languages/{number}")
        for number, (tag, known) in enumerate(zip(tags, found, strict=True))
        if known is None
    ]
    if errors:
        raise InvalidInput(errors)
    return list(dict.fromkeys(tag for tag in found if tag))


def _agenda(items: Any) -> list[dict[str, Any]]:
    return [
        {
            "at": clock.iso(item["at"]) if item.get("at") else None,
            "title": wording.checked(item["title"], f"/agenda/{number}/title", required=True),
        }
        for number, item in enumerate(items)
    ]


def _organisation_id(session: orm.Session, actor: Actor, code: str | None) -> int | None:
    if code is None:
        return actor.organisation_id
    found = find_organisation(session, actor, code)
    if found is None:
        message = f'There is no organisation "{printable(code)}" that this key may act for.'
        raise InvalidInput(FieldError(message, pointer="/organisation"))
    return found.id


def _text(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda body: wording.stored(wording.checked(body.get(name, {}), f"/{name}", required=name == "title"))


def _tags(texts: Mapping[str, str]) -> list[str]:
    """Those that are languages; of others it is said where the texts are read."""
    return [tag for tag in texts if find_tag(tag)]


#: What a body says of a new workshop, by column.
_READERS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    **{name: _text(name) for name in _TEXTS},
    "time_zone": lambda body: _zone(body["time_zone"]),
    "agenda": lambda body: wording.stored(_agenda(body.get("agenda", ()))),
    "languages": lambda body: wording.stored(_languages(body.get("languages") or _tags(body["title"]))),
}


def _new_code(session: orm.Session, asked: str | None, title: Mapping[str, str], starts_at: dt.datetime) -> str:
    if asked in RESERVED:
        raise InvalidInput(FieldError(f'"{asked}" means something else in addresses.', pointer="/code"))
    if asked is not None:
        if queries.find_workshop(session, asked):
            raise Conflict(f'There is a workshop "{asked}" already; choose another code.')
        return asked
    plain = unicodedata.normalize("NFKD", title.get("en") or next(iter(title.values())))
    words = re.findall("[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)).lower())
    base = "-".join(["-".join(words)[: LONGEST_NAME - 15].strip("-") or "workshop", str(starts_at.year)])
    number = 1
    while queries.find_workshop(session, code := base if number == 1 else f"{base}-{number}"):
        number += 1
    return code
