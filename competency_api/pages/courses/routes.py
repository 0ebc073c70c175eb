"""Addresses of the catalogue and of its courses.

What is shown of courses may be a few seconds old, as in the API: providers change it, and hide it, when they like.
"""

from __future__ import annotations

from flask import abort, g, request
from werkzeug.wrappers import Response

from competency_api.catalogue.serving import Publications
from competency_api.core.errors import NotFound
from competency_api.core.http import db, passing, service
from competency_api.courses.routes import pins
from competency_api.pages.courses import showing
from competency_api.pages.courses.asking import PARAMETERS, Asked
from competency_api.pages.failures import Missing
from competency_api.pages.site import moved, page, screen_of


@page("courses", takes=PARAMETERS)
def show_courses(ui: str) -> Response:
    screen, asked = screen_of(ui), Asked.of(request.args)
    if asked.address != request.args.to_dict():
        abort(moved(screen.links.courses(**asked.address)))
    with db.reading() as session:
        values = showing.catalogue(screen, session, service(Publications), pins(), asked)
    return passing(screen.show("courses.html", is_indexed=not asked.address, **values))


@page("courses/<uuid>")
def show_course(ui: str, uuid: str) -> Response:
    screen = screen_of(ui)
    try:
        with db.reading() as session:
            values = showing.course(screen, session, pins(), uuid)
    except NotFound:
        g.missing = Missing("course", uuid)
        raise
    return passing(screen.show("course.html", **values))
