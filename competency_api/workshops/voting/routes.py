"""Joining and voting over HTTP: without an account, and with nothing kept but a table and two digests."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from sqlalchemy import orm

from competency_api.accounts.values import Scope
from competency_api.core.errors import AnotherBallot, Conflict, Forbidden, NotFound
from competency_api.core.http import (
    Blueprint,
    as_response,
    count_wrong_code,
    db,
    no_store,
    require_guessed_little,
    settings,
)
from competency_api.workshops import queries, wording
from competency_api.workshops.access import asking
from competency_api.workshops.access.permissions import require_running
from competency_api.workshops.models import ParticipantRow, TableRow, TopicRow, WorkshopRow
from competency_api.workshops.presentation import BASE
from competency_api.workshops.schemas import TOPIC_PARAMETER, WORKSHOP_PARAMETER
from competency_api.workshops.tables.service import seated
from competency_api.workshops.voting import ballots, casting, participants, presentation, schemas

blp = Blueprint("workshop_ballots", __name__, url_prefix=BASE, description="Joining a workshop, and voting in it")
blueprints = (blp,)
_WORKSHOP = [WORKSHOP_PARAMETER]
_TOPIC = [WORKSHOP_PARAMETER, TOPIC_PARAMETER]
COOKIE = "workshop_session"
_COOKIE_SECONDS = 24 * 60 * 60


def browser() -> str:
    """What the browser of the present request is known by; empty without a cookie."""
    return request.cookies.get(COOKIE, "")


def _table(session: orm.Session, code: str) -> TableRow:
    found = participants.find_table(session, code)
    if found is None:
        count_wrong_code()
        raise participants.wrong_code()
    return found


def _own(session: orm.Session, workshop: str) -> tuple[WorkshopRow, ParticipantRow]:
    row = queries.get_workshop(session, workshop)
    return row, asking.participant(session, row)


@blp.post("/participants")
@blp.crowded
@blp.raises(NotFound, Conflict)
@blp.arguments(schemas.JoinSchema)
@blp.response(201, schemas.JoinedSchema, description="You are in; the token is in this answer only")
def join_workshop(body: dict[str, Any]) -> Response:
    """Join a workshop with the code of a table

    Nobody is asked who they are. The browser gets a cookie, so that whoever joins again in it stays the same
    participant: they get a new token, and their ballots stay theirs. All is forgotten when the workshop is closed.
    """
    require_guessed_little()
    with db.reading(fresh=True) as session:
        table = _table(session, body["code"])
    with db.transaction() as session:
        joined = participants.join(session, table, browser(), body.get("role"))
    seat = presentation.seat_document(joined.workshop, joined.table, joined.row)
    response = no_store(as_response({**seat, "token": joined.token}))
    response.status_code = 201
    is_secure = settings.base_url.startswith("https://")
    response.set_cookie(
        COOKIE, joined.browser, max_age=_COOKIE_SECONDS, httponly=True, samesite="Strict", secure=is_secure
    )
    return response


@blp.get("/<workshop>/participants/me", parameters=_WORKSHOP)
@blp.participating
@blp.raises(NotFound)
@blp.response(200, schemas.MeInRoomSchema, description="Where you sit, what is open, and your ballots")
def read_participant(workshop: str) -> Response:
    """Read who you are in a workshop"""
    with db.reading(fresh=True) as session:
        row, me = _own(session, workshop)
        table = session.get_one(TableRow, me.table_id)
        topics, own = queries.list_topics(session, row.id), ballots.ballots_of(session, me)
    return as_response(presentation.me_document(row, table, me, topics, own))


@blp.patch("/<workshop>/participants/me", parameters=_WORKSHOP)
@blp.participating
@blp.raises(NotFound, Conflict)
@blp.arguments(schemas.SeatChangeSchema)
@blp.response(200, schemas.SeatSchema, description="Where you sit now")
def change_participant(body: dict[str, Any], workshop: str) -> Response:
    """Sit down at another table

    By its code, as between rounds; ballots stay at the table where they were cast.
    """
    require_guessed_little()
    with db.transaction() as session:
        row, me = _own(session, workshop)
        table = _table(session, body["code"]) if "code" in body else None
        participants.change_seat(session, me, table, body.get("role"))
        seat = presentation.seat_document(row, session.get_one(TableRow, me.table_id), me)
    return as_response(seat)


def _ballot(topic: TopicRow, number: int, levels: str, casts: int) -> Response:
    return as_response({"topic": topic.name, "table": number, "levels": wording.read(levels), "casts": casts})


@blp.put("/<workshop>/topics/<topic>/ballots/mine", parameters=_TOPIC)
@blp.participating
@blp.raises(NotFound, Conflict, AnotherBallot)
@blp.arguments(schemas.BallotWriteSchema)
@blp.response(200, schemas.BallotSchema, description="Your ballot, which counts from now on")
def put_ballot(body: dict[str, Any], workshop: str, topic: str) -> Response:
    """Cast your ballot on a topic

    In place of your last one, as often as you like while the topic is open; the same again changes nothing.
    """
    with db.reading(fresh=True) as session:
        booth = asking.voter(session, workshop, topic)
        cast = casting.prepare(session, booth, browser(), body["levels"])
    casts = cast.casts
    if not casts:
        with db.transaction() as session:
            casts = casting.write(session, cast)
    return _ballot(booth.topic, booth.table, cast.levels, casts)


@blp.get("/<workshop>/topics/<topic>/ballots/mine", parameters=_TOPIC)
@blp.participating
@blp.raises(NotFound)
@blp.response(200, schemas.BallotSchema, description="Your ballot")
def read_ballot(workshop: str, topic: str) -> Response:
    """Read your ballot on a topic"""
    with db.reading(fresh=True) as session:
        row, me = _own(session, workshop)
        found = queries.get_topic(session, row, topic)
        own = ballots.get_ballot(session, found, me)
        number = session.get_one(TableRow, own.table_id).number
    return _ballot(found, number, own.levels, own.casts)


@blp.get("/<workshop>/topics/<topic>/ballots", parameters=_TOPIC)
@blp.scope(Scope.WORKSHOPS)
@blp.raises(NotFound, Forbidden)
@blp.response(200, schemas.BallotCountsSchema, description="How many there are at each table")
def count_ballots(workshop: str, topic: str) -> Response:
    """Count the ballots on a topic

    For organisers and facilitators. What a single ballot says, nobody is told.
    """
    with db.reading(fresh=True) as session:
        row, asker = asking.asked(session, workshop)
        require_running(asker)
        counts = ballots.count_by_table(session, queries.get_topic(session, row, topic))
        tables, there = queries.list_tables(session, row.id), seated(session, row)
    return as_response(presentation.counts_document(tables, there, counts))
