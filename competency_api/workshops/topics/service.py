"""Commands on topics and options. Who may is decided before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.concepts.filters import FILTERS, select
from competency_api.core.db import require_revision
from competency_api.core.errors import Conflict, FieldError, InvalidInput, NotFound
from competency_api.core.nearest import did_you_mean, hint_of_codes
from competency_api.core.text import printable
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.workshops import queries, wording
from competency_api.workshops.activity import raise_activity
from competency_api.workshops.models import BallotRow, NeedRow, OptionRow, TableRow, TopicRow, WorkshopRow
from competency_api.workshops.tables.service import require_changeable
from competency_api.workshops.values import MOST_OPTIONS, MOST_TOPICS, TopicState


def add_topic(session: orm.Session, workshop: WorkshopRow, body: Mapping[str, Any], taxonomy: Taxonomy) -> TopicRow:
    """A topic with the options that are given and those that its filters choose from the workshop's version."""
    raise_activity(session, workshop.id)
    require_changeable(workshop)
    known = queries.list_topics(session, workshop.id)
    if any(topic.name == body["name"] for topic in known):
        raise Conflict(f'There is a topic "{body["name"]}" already.')
    if len(known) >= MOST_TOPICS:
        raise Conflict(f"A workshop has at most {MOST_TOPICS} topics.")
    filters = body.get("filters") or {}
    row = TopicRow(
        workshop_id=workshop.id,
        name=body["name"],
        position=body.get("position") or max((topic.position for topic in known), default=0) + 1,
        round_number=_round(session, workshop, body.get("round")),
        question=wording.stored(wording.checked(body["question"], "/question", required=True)),
        takes_needs=bool(body.get("takes_needs")),
        filters=wording.stored(filters) if filters else "",
        state=TopicState.WAITING.value,
        activity=0,
    )
    session.add(row)
    session.flush()
    chosen = [{"concept": code} for code in _chosen(taxonomy, filters)]
    given = list(body.get("options") or ())
    pointers = [f"/options/{number}" for number in range(len(given))] + ["/filters"] * len(chosen)
    _add(session, row, [*given, *chosen], pointers, taxonomy)
    return row


def change_topic(
    session: orm.Session, workshop: WorkshopRow, row: TopicRow, expected: frozenset[int], body: Mapping[str, Any]
) -> TopicRow:
    """Change the members that are given; the question only before anybody answered it."""
    raise_activity(session, workshop.id, row.id)
    session.refresh(row)
    require_changeable(workshop)
    require_revision(row.revision, expected)
    if "question" in body:
        if row.state != TopicState.WAITING:
            raise Conflict(f"The topic is {row.state}: people have read its question, and it is no longer changed.")
        row.question = wording.stored(wording.checked(body["question"], "/question", required=True))
    row.position = body.get("position") or row.position
    row.takes_needs = bool(body.get("takes_needs", row.takes_needs))
    if "round" in body:
        row.round_number = _round(session, workshop, body["round"])
    session.flush()
    return row


def delete_topic(session: orm.Session, workshop: WorkshopRow, row: TopicRow, expected: frozenset[int]) -> None:
    """Raises Conflict when there are ballots or needs."""
    raise_activity(session, workshop.id, row.id)
    session.refresh(row)
    require_changeable(workshop)
    require_revision(row.revision, expected)
    if any(queries.count(session, table, table.topic_id == row.id) for table in (BallotRow, NeedRow)):
        raise Conflict("There are ballots or needs of this topic; it stays.")
    session.execute(sa.delete(OptionRow).where(OptionRow.topic_id == row.id))
    session.delete(row)
    session.flush()


def add_options(
    session: orm.Session,
    workshop: WorkshopRow,
    topic: TopicRow,
    items: Sequence[Mapping[str, Any]],
    taxonomy: Taxonomy,
    table: TableRow | None = None,
) -> list[OptionRow]:
    """More options, for all tables or one of them. Raises InvalidInput and Conflict."""
    raise_activity(session, workshop.id, topic.id)
    require_changeable(workshop)
    return _add(session, topic, items, [f"/items/{number}" for number in range(len(items))], taxonomy, table)


def delete_option(session: orm.Session, workshop: WorkshopRow, topic: TopicRow, name: str) -> None:
    """Raises NotFound, and Conflict once the topic was opened: the option may be on ballots."""
    raise_activity(session, workshop.id, topic.id)
    session.refresh(topic)
    require_changeable(workshop)
    row = session.get(OptionRow, (topic.id, name))
    if row is None:
        known = [option.name for option in queries.options_of(session, topic)]
        raise NotFound(f'The topic has no option "{printable(name)}".{did_you_mean(name, known)}')
    if topic.state != TopicState.WAITING:
        raise Conflict(f"The topic is {topic.state}: its options may be on ballots, and stay.")
    session.delete(row)
    session.flush()


def _round(session: orm.Session, workshop: WorkshopRow, number: int | None) -> int | None:
    known = [row.number for row in queries.list_rounds(session, workshop.id)]
    if number is not None and number not in known:
        there = f"There are: {', '.join(map(str, known))}." if known else "There is none yet."
        raise InvalidInput(FieldError(f"The workshop has no round {number}. {there}", pointer="/round"))
    return number


def _chosen(taxonomy: Taxonomy, filters: Mapping[str, Sequence[str]]) -> list[str]:
    unknown = [name for name in filters if name not in FILTERS]
    if unknown:
        message = f'There is no filter "{printable(unknown[0])}".{did_you_mean(unknown[0], FILTERS)}'
        raise InvalidInput(FieldError(message, pointer=f"/filters/{unknown[0]}"))
    if not filters:
        return []
    try:
        return [concept.code for concept in select(taxonomy, filters)]
    except InvalidInput as error:
        errors = [FieldError(fault.message, pointer=f"/filters/{fault.parameter}") for fault in error.errors]
        raise InvalidInput(errors) from None


def _add(
    session: orm.Session,
    topic: TopicRow,
    items: Sequence[Mapping[str, Any]],
    pointers: Sequence[str],
    taxonomy: Taxonomy,
    table: TableRow | None = None,
) -> list[OptionRow]:
    known = queries.options_of(session, topic)
    names, last = {option.name for option in known}, max((option.position for option in known), default=0)
    if len(known) + len(items) > MOST_OPTIONS:
        raise Conflict(f"A topic has at most {MOST_OPTIONS} options; this would make {len(known) + len(items)}.")
    rows = []
    for position, (item, pointer) in enumerate(zip(items, pointers, strict=True), last + 1):
        row = _option(topic, item, pointer, taxonomy, position, table)
        if row.name in names:
            raise InvalidInput(FieldError(f'"{row.name}" is an option of this topic already.', pointer=pointer))
        names.add(row.name)
        rows.append(row)
    session.add_all(rows)
    session.flush()
    return rows


def _option(
    topic: TopicRow, item: Mapping[str, Any], pointer: str, taxonomy: Taxonomy, position: int, table: TableRow | None
) -> OptionRow:
    code = item.get("concept")
    name = code or item.get("name")
    if (code is None) == (item.get("name") is None):
        raise InvalidInput(FieldError("It must have either `concept`, or `name` and `texts`.", pointer=pointer))
    if code is not None and (code not in taxonomy or taxonomy[code].retirement is not None):
        what = "is retired" if code in taxonomy else "is not in the workshop's version"
        active = [concept.code for concept in taxonomy if concept.retirement is None]
        message = f'"{printable(code)}" {what}.{hint_of_codes(code, active)}'
        raise InvalidInput(FieldError(message, pointer=f"{pointer}/concept"))
    texts = wording.checked(item.get("texts") or {}, f"{pointer}/texts", required=code is None)
    return OptionRow(
        topic_id=topic.id,
        name=str(name),
        position=position,
        concept=code,
        texts="{}" if code else wording.stored(texts),
        table_id=table.id if table else None,
    )
