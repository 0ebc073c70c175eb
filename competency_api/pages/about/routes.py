"""Addresses of the pages about the service. Problems and rules are what programs' answers lead people to."""

from __future__ import annotations

from werkzeug.wrappers import Response

from competency_api.catalogue.serving import Publications
from competency_api.core.errors import NotFound
from competency_api.core.http import service, settings
from competency_api.core.problems import PROBLEMS
from competency_api.pages.content.citing import NAME
from competency_api.pages.screen import Frame, sent
from competency_api.pages.site import page
from competency_api.taxonomy.rules import CHAPTERS


@page("problems")
def show_problems(ui: str) -> Response:
    frame = Frame.of(ui)
    title, lead = frame.texts("problems.title"), frame.texts("problems.lead")
    return sent(frame.render("problems.html", title=title, description=lead, problems=PROBLEMS), ui)


@page("rules")
def show_rules(ui: str) -> Response:
    frame = Frame.of(ui)
    title, lead = frame.texts("rules.title"), frame.texts("rules.lead")
    return sent(frame.render("rules.html", title=title, description=lead, chapters=CHAPTERS), ui)


@page("licence")
def show_licence(ui: str) -> Response:
    frame = Frame.of(ui)
    try:
        number = str(service(Publications).newest().number)
    except NotFound:  # nothing is published yet, and the licence holds for what will be
        number = "1.0.0"
    attribution = f"{NAME}, version {number}, {settings.base_url}{frame.links.release(number)}, CC BY 4.0"
    title, lead = frame.texts("licence.title"), frame.texts("licence.lead")
    return sent(frame.render("licence.html", title=title, description=lead, attribution=attribution), ui)


@page("accessibility")
def show_accessibility(ui: str) -> Response:
    frame = Frame.of(ui)
    title, lead = frame.texts("access.title"), frame.texts("access.lead")
    contact = settings.accessibility_contact
    return sent(frame.render("accessibility.html", title=title, description=lead, contact=contact), ui)
