"""What the views of the site share: how a page is declared, and what a request asks for.

A page about a version has two addresses: below ``/{language}/versions/{number}`` that of the exact version, which is
cited and never says anything else, and without that the one of whatever version is the newest, which is linked and
found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from flask import Blueprint as PageBlueprint
from flask import abort, current_app, g, redirect, request
from werkzeug.wrappers import Response

from competency_api.catalogue.addressing import LATEST, newest
from competency_api.catalogue.serving import Publication, Publications
from competency_api.core.errors import NotFound
from competency_api.core.http import brief, own_query, public, service
from competency_api.core.http.site import REDIRECT_SECONDS, site_path
from competency_api.core.site import SITE_LANGUAGES
from competency_api.pages.failures import Missing
from competency_api.pages.links import Links
from competency_api.pages.screen import Screen
from competency_api.pages.texts import texts_of
from competency_api.versions.values import VersionInfo

pages = PageBlueprint("site", __name__, template_folder="templates")

LANGUAGE = f"/<any({','.join(SITE_LANGUAGES)}):ui>"
View = TypeVar("View", bound=Callable[..., Response])
_TAKES = "_site_takes"


def page(
    rule: str, takes: Iterable[str] = (), *, in_version: bool = False, slash: bool = True
) -> Callable[[View], View]:
    """Declare a page: its rule below the language, and the parameters that it takes."""

    def decorate(view: View) -> View:
        setattr(view, _TAKES, frozenset(takes))
        own_query(public(view))
        pages.add_url_rule(f"{LANGUAGE}{'/' if slash else ''}{rule}", view_func=view, methods=["GET"])
        if in_version:
            pages.add_url_rule(f"{LANGUAGE}/versions/<version>/{rule}", view_func=view, methods=["GET"])
        return view

    return decorate


@pages.before_request
def drop_what_is_not_taken() -> Response | None:
    """Links get parameters of others' on their way (``utm_source``); the page is the one without."""
    view = current_app.view_functions[request.endpoint or ""]
    taken = getattr(view, _TAKES, None)
    if taken is None or taken.issuperset(request.args):
        return None
    kept = {name: value for name, value in request.args.items() if name in taken}
    language, *segments = request.path.strip("/").split("/")
    return brief(redirect(site_path(language, *segments, query=kept), 302), REDIRECT_SECONDS)


def screen_of(ui: str, version: str = "") -> Screen:
    """The page in a version, or a redirect from another name of it to the address that its number has."""
    found = resolved(version or LATEST)
    if version and version != found.number:
        rest = request.path.split("/")[4:]
        named = () if version == LATEST else ("versions", found.number)
        abort(
            moved(
                site_path(ui, *named, *rest, query=request.args) if named or rest else Links(ui).release(found.number)
            )
        )
    links = Links(ui, found.number if version else None)
    return Screen(texts_of(ui), links, found, newest_beside(found))


def newest_beside(found: Publication) -> VersionInfo:
    """The version that readers are told of: where all were withdrawn, none but the one that they read."""
    return newest(service(Publications).store.versions()) or found.version


def resolved(reference: str) -> Publication:
    try:
        return service(Publications).get(reference)
    except NotFound as problem:
        near = problem.extra.get("nearest") or problem.extra.get("withdrawn", ())
        g.missing = Missing("version", reference, "", tuple(near))
        raise


def missing(what: str, name: str, known: Iterable[str], number: str = "") -> NotFound:
    g.missing = Missing(what, name, number, tuple(known))
    return NotFound()


def moved(location: str) -> Response:
    return brief(redirect(location, 302), REDIRECT_SECONDS)
