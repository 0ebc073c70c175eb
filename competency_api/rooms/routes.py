"""Addresses of workshops' pages.

No page here knows a key or a token: keys come in the fragment of an address, which no server sees, or by a field, and
scripts send them to the API. So what is kept of these pages, here or on the way, is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint as PageBlueprint
from flask import Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from competency_api.accounts.queries import names_of_organisations
from competency_api.core.errors import NotFound
from competency_api.core.http import brief, db, immutable, service, settings
from competency_api.core.http.access import crowded, public
from competency_api.core.http.blueprint import own_query
from competency_api.core.http.site import REDIRECT_SECONDS
from competency_api.core.site import SITE_LANGUAGES
from competency_api.courses.routes import pins
from competency_api.pages.screen import as_html, sent
from competency_api.rooms import pictures, reading
from competency_api.rooms.screen import ASSETS, Room, asset, asset_bytes
from competency_api.workshops import queries
from competency_api.workshops.outcome.gathering import report_of
from competency_api.workshops.outcome.schemas import FORMATS
from competency_api.workshops.presentation import BASE, workshop_document
from competency_api.workshops.results.counting import Counts
from competency_api.workshops.topics.templates import TEMPLATES, template
from competency_api.workshops.values import (
    CODE_PATTERN,
    LONGEST_NAME,
    MOST_ROUNDS,
    MOST_TABLES,
    NAME_PATTERN,
    Group,
    State,
    read_join_code,
)

rooms = PageBlueprint("rooms", __name__, template_folder="templates")
blueprints = (rooms,)

_LANGUAGE = f"/<any({','.join(SITE_LANGUAGES)}):ui>"
#: So many workshops are listed; how long their pages may be old, in seconds.
LISTED, SECONDS = 200, 60
#: Kinds of concepts that a room may be asked about: those that somebody can learn.
KINDS_TO_RANK = ("competency", "technology", "business-model", "privacy-concern", "procurement-topic")
View = TypeVar("View", bound=Callable[..., Response])


def page(rule: str, *, is_crowded: bool = False) -> Callable[[View], View]:
    """Declare a page: its rule below the language. Where a whole room asks from one address, that is not counted."""

    def decorate(view: View) -> View:
        declared = crowded(view) if is_crowded else public(view)
        rooms.add_url_rule(f"{_LANGUAGE}/{rule}", view_func=own_query(declared), methods=["GET"])
        return view

    return decorate


@rooms.before_request
def drop_what_is_not_taken() -> BaseResponse | None:
    """Links get parameters of others' on their way; no page here takes any."""
    return brief(redirect(request.path, 302), REDIRECT_SECONDS) if request.args else None


# -- in the room -------------------------------------------------------------------------------------------------------


@page("join", is_crowded=True)
def show_join(ui: str) -> Response:
    return _join(ui, "")


@page("join/<code>", is_crowded=True)
def show_join_with_code(ui: str, code: str) -> Response:
    return _join(ui, _code(code))


@page("join/<code>.svg", is_crowded=True)
def show_code(ui: str, code: str) -> Response:
    """The picture of a code: it leads to the page that joins with it."""
    picture = pictures.qr(settings.base_url + Room.of(ui).address("join", _code(code)))
    return immutable(Response(picture, content_type="image/svg+xml"))


@page("workshops/<workshop>/rank", is_crowded=True)
def show_rank(ui: str, workshop: str) -> Response:
    room = Room.of(ui)
    return sent(room.running("room-rank.html", "rank.js", room.texts("rank.title"), workshop=_named(workshop)), ui)


@page("workshops/<workshop>/facilitate", is_crowded=True)
def show_facilitate(ui: str, workshop: str) -> Response:
    room = Room.of(ui)
    places = {name: room.address("workshops", _named(workshop), name) for name in ("projector", "prepare")}
    places |= {"result": room.address("workshops", workshop), "organise": room.address("organise")}
    title = room.texts("staff.title")
    return sent(room.running("room-facilitate.html", "facilitate.js", title, workshop=workshop, **places), ui)


@page("workshops/<workshop>/projector", is_crowded=True)
def show_projector(ui: str, workshop: str) -> Response:
    room = Room.of(ui)
    title, named, short = room.texts("projector.title"), _named(workshop), _join_address(room)
    return sent(room.running("room-projector.html", "projector.js", title, workshop=named, join_address=short), ui)


# -- before ------------------------------------------------------------------------------------------------------------


@page("organise")
def show_organised(ui: str) -> Response:
    """The workshops of an organisation."""
    room = Room.of(ui)
    return sent(room.running("room-organise.html", "organise.js", room.texts("organise.title")), ui)


@page("organise/new")
def show_set_up(ui: str) -> Response:
    """A new workshop."""
    room = Room.of(ui)
    topics = template(TEMPLATES[0])
    values = {"topics": topics, "kinds": KINDS_TO_RANK, "most": {"tables": MOST_TABLES, "rounds": MOST_ROUNDS}}
    return sent(room.running("room-set-up.html", "setup.js", room.texts("setup.title"), **values), ui)


@page("workshops/<workshop>/prepare")
def show_prepared(ui: str, workshop: str) -> Response:
    """What is printed, given to facilitators and opened next."""
    room = Room.of(ui)
    title, named, short = room.texts("prepare.title"), _named(workshop), _join_address(room)
    return sent(room.running("room-prepare.html", "prepare.js", title, workshop=named, join_address=short), ui)


# -- afterwards --------------------------------------------------------------------------------------------------------


@page("workshops")
def show_workshops(ui: str) -> Response:
    """Those that are reported, the newest first."""
    room = Room.of(ui)
    with db.reading() as session:
        rows = queries.list_workshops(session, queries.Asked(), None, LISTED)
    listed = [reading.about(workshop_document(row, {}, pins()), room.texts) for row in rows[:LISTED]]
    title, lead = room.texts("room.title"), room.texts("list.lead")
    return _shown(room, "room-list.html", title, SECONDS, description=lead, workshops=listed)


@page("workshops/<workshop>")
def show_result(ui: str, workshop: str) -> Response:
    return _outcome(ui, workshop, "room-result.html")


@page("workshops/<workshop>/report")
def show_report(ui: str, workshop: str) -> Response:
    """The same for paper."""
    return _outcome(ui, workshop, "room-report.html")


def _outcome(ui: str, workshop: str, template: str) -> Response:
    """What came of a workshop, or that nothing did yet."""
    room = Room.of(ui)
    with db.reading() as session:
        row = queries.get_workshop(session, _named(workshop))
        if row.state == State.DRAFT:
            raise queries.no_workshop(workshop)
        is_reported = row.state == State.REPORTED
        holders = names_of_organisations(session, [row.organisation_id] if row.organisation_id else [])
        document = report_of(session, row, pins(), service(Counts)) if is_reported else {}
    begin = reading.about(workshop_document(row, holders, pins()), room.texts)
    parts = reading.report(document, room.texts) if is_reported else {}
    values = {"workshop": begin, "export": f"{BASE}/{row.code}/export", "formats": FORMATS, "is_indexed": is_reported}
    chosen = template if is_reported else "room-result.html"
    return _shown(room, chosen, begin["title"].text, SECONDS if is_reported else 1, **values, **parts)


def _shown(room: Room, template: str, title: str, seconds: int, **values: Any) -> Response:
    """A page that changes without any publication: it may be so old."""
    return brief(as_html(room.render(template, title=title, **values), room.texts.language), seconds)


# -- what is asked for -------------------------------------------------------------------------------------------------


def _join_address(room: Room) -> str:
    """As people type it."""
    return settings.base_url.partition("://")[2] + room.address("join")


def _join(ui: str, code: str) -> Response:
    room = Room.of(ui)
    title, roles = room.texts("join.title"), [group.value for group in Group]
    return sent(room.running("room-join.html", "join.js", title, code=code, roles=roles, is_indexed=False), ui)


def _code(typed: str) -> str:
    code = read_join_code(typed)
    if not re.fullmatch(CODE_PATTERN, code):
        raise NotFound()
    return code


def _named(workshop: str) -> str:
    if len(workshop) > LONGEST_NAME or not re.fullmatch(NAME_PATTERN, workshop):
        raise NotFound()
    return workshop


# -- files -------------------------------------------------------------------------------------------------------------


@rooms.get("/assets/rooms/<digest>/<name>")
@public
def read_room_asset(digest: str, name: str) -> Response:
    """A file under the address of its content; pages that are older than the program get today's."""
    if name not in ASSETS:
        raise NotFound()
    response = Response(asset_bytes(name), content_type=ASSETS[name])
    return immutable(response) if request.path == asset(name) else brief(response, 60)
