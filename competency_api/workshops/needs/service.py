"""Commands on needs: typed by participants, and merged, released or declined by who runs their table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.core import clock
from competency_api.core.errors import Conflict, FieldError, Forbidden, InvalidInput, NotFound
from competency_api.core.ids import new_uuid
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import fault_of, printable
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.workshops import queries, wording
from competency_api.workshops.access.permissions import Asker, Part, require_table
from competency_api.workshops.activity import raise_activity
from competency_api.workshops.models import NeedRow, OptionRow, ParticipantRow, TableRow, TopicRow, WorkshopRow
from competency_api.workshops.topics.service import add_options
from competency_api.workshops.values import LONGEST_NAME, MOST_NEEDS, NeedState, State, TopicState, topic_state_at
from competency_api.workshops.voting.participants import require_open

#: From which states a need gets to each other one. What was released to one table may be released to all.
SOURCES: Mapping[NeedState, frozenset[str]] = MappingProxyType(
    {
        NeedState.MERGED: frozenset({NeedState.WAITING, NeedState.DECLINED}),
        NeedState.RELEASED: frozenset({NeedState.WAITING, NeedState.DECLINED, NeedState.RELEASED}),
        NeedState.DECLINED: frozenset({NeedState.WAITING}),
    }
)


@dataclass(frozen=True)
class Moderation:
    """A need that somebody who may decides on, in its workshop and topic."""

    workshop: WorkshopRow
    topic: TopicRow
    need: NeedRow
    table: TableRow
    asker: Asker


# -- typing them -------------------------------------------------------------------------------------------------------


def add_need(
    session: orm.Session, workshop: WorkshopRow, topic: TopicRow, participant: ParticipantRow, text: str, language: str
) -> tuple[NeedRow, bool]:
    """A need, and whether it is new: the same participant's same words are one. Raises Conflict and InvalidInput."""
    raise_activity(session, workshop.id)
    session.refresh(workshop)
    require_open(workshop)
    if not topic.takes_needs:
        raise Conflict("This topic takes no needs: what can be ranked is given.")
    if topic_state_at(topic.state, topic.closes_at, clock.now()) is TopicState.CLOSED:
        raise Conflict("The topic is closed: needs are no longer taken.")
    own = session.scalars(
        sa.select(NeedRow).where(NeedRow.topic_id == topic.id, NeedRow.participant_id == participant.id)
    ).all()
    same = next((need for need in own if need.text.casefold() == text.casefold()), None)
    if same is not None:
        return same, False
    if len(own) >= MOST_NEEDS:
        raise Conflict(f"You have typed {MOST_NEEDS} needs on this topic, which is as many as are taken.")
    row = NeedRow(
        uuid=new_uuid(),
        topic_id=topic.id,
        table_id=participant.table_id,
        participant_id=participant.id,
        text=text,
        language=next(iter(wording.checked({language: text}, "/language"))),
        state=NeedState.WAITING.value,
    )
    session.add(row)
    session.flush()
    return row, True


def list_needs(session: orm.Session, topic: TopicRow, asker: Asker, numbers: Mapping[int, int]) -> list[NeedRow]:
    """Those that are shown: to participants their own, to facilitators their table's, to organisers all.

    Raises Forbidden for guests.
    """
    if asker.part is Part.GUEST:
        raise Forbidden("Needs are shown to who typed them and to who runs the workshop.")
    statement = sa.select(NeedRow).where(NeedRow.topic_id == topic.id).order_by(NeedRow.id)
    if asker.part is Part.PARTICIPANT:
        return list(session.scalars(statement.where(NeedRow.participant_id == asker.participant)))
    return [row for row in session.scalars(statement) if asker.sees_of(numbers[row.table_id])]


# -- deciding on them --------------------------------------------------------------------------------------------------


def moderating(session: orm.Session, workshop: WorkshopRow, asker: Asker, topic: str, uuid: str) -> Moderation:
    """The need, for who may decide on it, under the workshop's lock. Raises NotFound, Forbidden and Conflict."""
    found = queries.get_topic(session, workshop, topic)
    raise_activity(session, workshop.id, found.id)
    session.refresh(workshop)
    where = (NeedRow.topic_id == found.id, NeedRow.uuid == uuid)
    need = None if fault_of(uuid) else session.scalar(sa.select(NeedRow).where(*where))
    if need is None:
        raise NotFound(f'The topic has no need "{printable(uuid)}".')
    table = session.get_one(TableRow, need.table_id)
    require_table(asker, table.number)
    if workshop.state != State.OPEN:
        raise Conflict(f"The workshop is {workshop.state}; needs are decided on while it is open.")
    return Moderation(workshop, found, need, table, asker)


def merge(
    session: orm.Session, given: Moderation, taxonomy: Taxonomy, option: str | None, concept: str | None
) -> NeedRow:
    """Say that the need is an option that there is, or a concept, which becomes one of the table if it is none yet."""
    if (option is None) == (concept is None):
        raise InvalidInput(FieldError("Name either an `option` or a `concept`.", pointer=""))
    known = {
        row.name: row for row in queries.options_of(session, given.topic) if row.table_id in (None, given.table.id)
    }
    name = option or concept or ""
    if option is not None and option not in known:
        message = f'"{printable(option)}" is no option of this topic.{did_you_mean(option, known)}'
        raise InvalidInput(FieldError(message, pointer="/option"))
    _require(given.need, NeedState.MERGED)
    if concept is not None and concept not in known:
        _add_concept(session, given, taxonomy, concept)
    return _settled(session, given.need, NeedState.MERGED, name)


def release(session: orm.Session, given: Moderation, taxonomy: Taxonomy, *, everyone: bool) -> NeedRow:
    """Make the need an option: of its table, or of all, which is for organisers to say."""
    if everyone and not given.asker.is_organiser:
        raise Forbidden("A need is released to all tables by organisers of the workshop; to your own you may.")
    _require(given.need, NeedState.RELEASED)
    need = given.need
    if need.state == NeedState.RELEASED:
        row = session.get_one(OptionRow, (given.topic.id, need.option))
        if row.table_id is None or not everyone:
            raise Conflict("The need was released already.")
        row.table_id = None
        session.flush()
        return need
    taken = {row.name for row in queries.options_of(session, given.topic)}
    name = _name(need.text, taken)
    item = {"name": name, "texts": {need.language: need.text}}
    add_options(session, given.workshop, given.topic, [item], taxonomy, None if everyone else given.table)
    return _settled(session, need, NeedState.RELEASED, name)


def decline(session: orm.Session, given: Moderation) -> NeedRow:
    _require(given.need, NeedState.DECLINED)
    return _settled(session, given.need, NeedState.DECLINED, None)


def _add_concept(session: orm.Session, given: Moderation, taxonomy: Taxonomy, concept: str) -> None:
    elsewhere = session.get(OptionRow, (given.topic.id, concept))
    if elsewhere is not None:  # another table has it: now two do, which is what all tables are for
        elsewhere.table_id = None
        session.flush()
        return
    try:
        add_options(session, given.workshop, given.topic, [{"concept": concept}], taxonomy, given.table)
    except InvalidInput as error:
        raise InvalidInput(FieldError(error.errors[0].message, pointer="/concept")) from None


def _require(need: NeedRow, target: NeedState) -> None:
    if need.state not in SOURCES[target]:
        raise Conflict(f"The need was {need.state} already.")


def _settled(session: orm.Session, need: NeedRow, state: NeedState, option: str | None) -> NeedRow:
    need.state, need.option = state.value, option
    session.flush()
    return need


def _name(text: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", text)
    words = re.findall("[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)).lower())
    base, number = "-".join(["need", *words])[: LONGEST_NAME - 5].strip("-"), 1
    while (name := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return name
