"""The public site's addresses.

A page about a version has two: below ``/{language}/versions/{number}`` that of the exact version, which is cited and
never says anything else, and without that the one of whatever version is the newest, which is linked and found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from flask import Blueprint as PageBlueprint
from flask import Flask, abort, current_app, g, redirect, request
from werkzeug.wrappers import Response

from competency_api.catalogue.addressing import LATEST, newest
from competency_api.catalogue.serving import Publication, Publications
from competency_api.concepts.absence import absent, current_code
from competency_api.concepts.history import History
from competency_api.core.errors import NotFound
from competency_api.core.http import (
    brief,
    current,
    db,
    immutable,
    own_query,
    provide_failure_pages,
    public,
    service,
    spec_dict,
)
from competency_api.core.http.site import REDIRECT_SECONDS, site_path
from competency_api.core.site import SITE_LANGUAGES
from competency_api.pages import showing, sitemap
from competency_api.pages.content import reference
from competency_api.pages.content.finding import Asked
from competency_api.pages.failures import Missing, failure_page
from competency_api.pages.guides import guides
from competency_api.pages.links import Links
from competency_api.pages.screen import ASSETS, Frame, Screen, asset, asset_bytes, sent
from competency_api.pages.texts import texts_of
from competency_api.taxonomy.kinds import KINDS
from competency_api.versions import queries
from competency_api.versions.values import VersionInfo

pages = PageBlueprint("site", __name__, template_folder="templates")
blueprints = (pages,)

_LANGUAGE = f"/<any({','.join(SITE_LANGUAGES)}):ui>"
#: Crawlers come back for these; a new version may be an hour old before they look.
_CRAWLED_SECONDS = 3600
View = TypeVar("View", bound=Callable[..., Response])
_TAKES = "_site_takes"


def register(app: Flask) -> None:
    provide_failure_pages(app, failure_page)


def page(
    rule: str, takes: Iterable[str] = (), *, in_version: bool = False, slash: bool = True
) -> Callable[[View], View]:
    """Declare a page: its rule below the language, and the parameters that it takes."""

    def decorate(view: View) -> View:
        setattr(view, _TAKES, frozenset(takes))
        own_query(public(view))
        pages.add_url_rule(f"{_LANGUAGE}{'/' if slash else ''}{rule}", view_func=view, methods=["GET"])
        if in_version:
            pages.add_url_rule(f"{_LANGUAGE}/versions/<version>/{rule}", view_func=view, methods=["GET"])
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


# -- in a version ------------------------------------------------------------------------------------------------------


@page("")
def show_home(ui: str) -> Response:
    screen = _screen(ui)
    return screen.show("home.html", **showing.home(screen, service(Publications).store.versions()))


@page("", slash=False)
def find_home(ui: str) -> Response:
    return _moved(site_path(ui))


@page("concepts", in_version=True)
def show_concepts(ui: str, version: str = "") -> Response:
    screen = _screen(ui, version)
    return screen.show("concepts.html", **showing.concepts(screen))


@page("kinds/<kind>", takes=("view", "page"), in_version=True)
def show_kind(ui: str, kind: str, version: str = "") -> Response:
    screen = _screen(ui, version)
    if kind not in KINDS:
        raise _missing("kind", kind, KINDS)
    return screen.show("kind.html", **showing.kind(screen, kind, request.args.get("view", ""), _page_number()))


@page("concepts/<code>", in_version=True)
def show_concept(ui: str, code: str, version: str = "") -> Response:
    screen = _screen(ui, version)
    with db.reading() as session:
        known = queries.list_version_ids_of(session, code), queries.list_concept_changes(session, code)
    history = History.of(service(Publications).store.versions(), *known)
    if code not in screen.found.taxonomy:
        return _elsewhere(screen, code, history)
    return screen.show("concept.html", **showing.one_concept(screen, code, history))


def _elsewhere(screen: Screen, code: str, history: History) -> Response:
    """For a code that the version does not contain: to where the concept is now, or why there is none."""
    taxonomy = screen.found.taxonomy
    became = current_code(taxonomy, code)
    if became is not None:
        return brief(redirect(screen.links.concept(became), 301), REDIRECT_SECONDS)
    since = str(history.first_version.number) if history.containing else None
    problem = absent(code, taxonomy, screen.found.number, since)
    g.missing = Missing("concept", code, screen.found.number, tuple(problem.extra.get("nearest", ())), since)
    raise problem


@page("search", takes=("q", "kind", "discipline", "status", "page"), in_version=True)
def show_search(ui: str, version: str = "") -> Response:
    screen, asked = _screen(ui, version), Asked.of(request.args)
    found = showing.search(screen, service(Publications), asked)
    return screen.show("search.html", is_indexed=not asked.text, **found)


@page("map", takes=("discipline", "kind"), in_version=True)
def show_map(ui: str, version: str = "") -> Response:
    screen = _screen(ui, version)
    code, kind = request.args.get("discipline", ""), request.args.get("kind", "")
    if code and (code not in screen.found.taxonomy or screen.found.taxonomy[code].kind != "discipline"):
        raise _missing("concept", code, (), screen.found.number)
    if kind and kind not in KINDS:
        raise _missing("kind", kind, KINDS)
    return screen.show(
        "map.html", is_indexed=not code, **showing.the_map(screen, (code, kind) if code and kind else None)
    )


# -- versions ----------------------------------------------------------------------------------------------------------


@page("versions")
def show_versions(ui: str) -> Response:
    screen = _screen(ui)
    return screen.show("versions.html", **showing.versions(screen, service(Publications).store.versions()))


@page("versions/<version>")
def show_release(ui: str, version: str) -> Response:
    screen = _screen(ui, version)
    with db.reading() as session:
        findings = queries.get_findings(session, screen.found.version)
    screen.links = screen.links.of(None)  # the page is the version's own, and lists all of them
    all_of_them = service(Publications).store.versions()
    return screen.show("release.html", **showing.release(screen, findings, all_of_them))


@page("versions/<older>/changes/<newer>", takes=("type", "kind", "code", "page"))
def show_changes(ui: str, older: str, newer: str) -> Response:
    publications = service(Publications)
    old, new = _resolved(older), _resolved(newer)
    if (old.number, new.number) != (older, newer):
        abort(_moved(Links(ui).changes(old.number, new.number, **request.args)))
    screen = Screen(texts_of(ui), Links(ui), new, _newest(new), old.version)
    found = publications.difference(old, new)
    shown = showing.difference(screen, old, found, dict(request.args), publications.store.versions())
    return screen.show("changes.html", is_indexed=not request.args, **shown)


@page("compare", takes=("older", "newer"))
def compare(ui: str) -> Response:
    """Where the form that chooses two versions leads."""
    older, newer = (_resolved(request.args.get(name) or LATEST).number for name in ("older", "newer"))
    return _moved(Links(ui).changes(older, newer))


# -- guides ------------------------------------------------------------------------------------------------------------


@page("guides")
def show_guides(ui: str) -> Response:
    frame = Frame.of(ui)
    title, description = frame.texts("guides.title"), frame.texts("guides.lead")
    return sent(frame.render("guides.html", title=title, description=description, guides=guides().values()), ui)


@page("guides/<name>")
def show_guide(ui: str, name: str) -> Response:
    frame, guide = Frame.of(ui), guides().get(name)
    if guide is None:
        raise _missing("guide", name, guides())
    return sent(frame.render("guide.html", title=guide.title, description=guide.summary, guide=guide), ui)


@page("reference")
def show_reference(ui: str) -> Response:
    frame = Frame.of(ui)
    title, description = frame.texts("nav.reference"), frame.texts("reference.lead")
    groups = reference.groups(spec_dict(current_app))
    return sent(frame.render("reference.html", title=title, description=description, groups=groups), ui)


# -- for machines ------------------------------------------------------------------------------------------------------


@pages.get("/sitemap.xml")
@public
def read_sitemap() -> Response:
    return current(sitemap.index(service(Publications)), _CRAWLED_SECONDS)


@page("sitemap-<int:number>.xml")
def read_part_of_sitemap(ui: str, number: int) -> Response:
    found = sitemap.part(service(Publications), ui, number)
    if found is None:
        raise NotFound()
    return current(found, _CRAWLED_SECONDS)


@pages.get("/robots.txt")
@public
def read_robots() -> Response:
    return brief(sitemap.robots(), _CRAWLED_SECONDS)


@pages.get("/assets/<digest>/<name>")
@public
def read_asset(digest: str, name: str) -> Response:
    """A file of the site under the address of its content; pages that are older than the program get today's."""
    if name not in ASSETS:
        raise NotFound()
    response = Response(asset_bytes(name), content_type=ASSETS[name])
    return immutable(response) if request.path == asset(name) else brief(response, 60)


# -- what is asked for -------------------------------------------------------------------------------------------------


def _screen(ui: str, version: str = "") -> Screen:
    """The page in a version, or a redirect from another name of it to the address that its number has."""
    found = _resolved(version or LATEST)
    if version and version != found.number:
        rest = request.path.split("/")[4:]
        named = () if version == LATEST else ("versions", found.number)
        abort(
            _moved(
                site_path(ui, *named, *rest, query=request.args) if named or rest else Links(ui).release(found.number)
            )
        )
    links = Links(ui, found.number if version else None)
    return Screen(texts_of(ui), links, found, _newest(found))


def _newest(found: Publication) -> VersionInfo:
    """The version that readers are told of: where all were withdrawn, none but the one that they read."""
    return newest(service(Publications).store.versions()) or found.version


def _resolved(reference: str) -> Publication:
    try:
        return service(Publications).get(reference)
    except NotFound as problem:
        near = problem.extra.get("nearest") or problem.extra.get("withdrawn", ())
        g.missing = Missing("version", reference, "", tuple(near))
        raise


def _missing(what: str, name: str, known: Iterable[str], number: str = "") -> NotFound:
    g.missing = Missing(what, name, number, tuple(known))
    return NotFound()


def _moved(location: str) -> Response:
    return brief(redirect(location, 302), REDIRECT_SECONDS)


def _page_number() -> int:
    given = request.args.get("page", "")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 6 else 1
