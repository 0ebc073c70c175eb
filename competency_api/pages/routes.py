"""The public site's addresses."""

from __future__ import annotations

from flask import Flask, abort, current_app, g, redirect, request
from werkzeug.wrappers import Response

from competency_api.catalogue.addressing import LATEST
from competency_api.catalogue.serving import Publications
from competency_api.concepts.absence import absent, current_code
from competency_api.concepts.history import History
from competency_api.core.errors import NotFound
from competency_api.core.http import (
    brief,
    current,
    db,
    immutable,
    passing,
    provide_failure_pages,
    public,
    renewed,
    service,
    spec_dict,
)
from competency_api.core.http.site import REDIRECT_SECONDS, site_path
from competency_api.courses.routes import pins
from competency_api.pages import ranked, showing, sitemap
from competency_api.pages.about import routes as _of_the_service  # noqa: F401  # declares its pages
from competency_api.pages.content import reference
from competency_api.pages.content.downloads import files_of, sums
from competency_api.pages.content.finding import Asked, page_number
from competency_api.pages.courses import routes as _of_the_catalogue  # noqa: F401  # declares its pages
from competency_api.pages.courses import showing as of_courses
from competency_api.pages.failures import Missing, failure_page
from competency_api.pages.guides import guides
from competency_api.pages.links import Links
from competency_api.pages.screen import ASSETS, Frame, Screen, asset, asset_bytes, sent
from competency_api.pages.site import missing, moved, newest_beside, page, pages, resolved, screen_of
from competency_api.pages.texts import texts_of
from competency_api.taxonomy.kinds import KINDS
from competency_api.versions import queries

blueprints = (pages,)

#: Crawlers come back for these; a new version may be an hour old before they look.
_CRAWLED_SECONDS = 3600
#: Courses that the sitemap names: in all languages of the interface within the 50,000 files of the protocol.
MOST_MAPPED = 5_000_000


def register(app: Flask) -> None:
    provide_failure_pages(app, failure_page)


# -- in a version ------------------------------------------------------------------------------------------------------


@page("")
def show_home(ui: str) -> Response:
    screen = screen_of(ui)
    with db.reading() as session:
        courses = of_courses.count(session)
    return passing(screen.show("home.html", **showing.home(screen, service(Publications).store.versions(), courses)))


@page("", slash=False)
def find_home(ui: str) -> Response:
    return moved(site_path(ui))


@page("concepts", in_version=True)
def show_concepts(ui: str, version: str = "") -> Response:
    screen = screen_of(ui, version)
    return screen.show("concepts.html", **showing.concepts(screen))


@page("kinds/<kind>", takes=("view", "page"), in_version=True)
def show_kind(ui: str, kind: str, version: str = "") -> Response:
    screen = screen_of(ui, version)
    if kind not in KINDS:
        raise missing("kind", kind, KINDS)
    view, number = request.args.get("view", ""), page_number(request.args.get("page", ""))
    return screen.show("kind.html", **showing.kind(screen, kind, view, number))


@page("concepts/<code>", in_version=True)
def show_concept(ui: str, code: str, version: str = "") -> Response:
    screen = screen_of(ui, version)
    with db.reading() as session:
        known = queries.list_version_ids_of(session, code), queries.list_concept_changes(session, code)
    history = History.of(service(Publications).store.versions(), *known)
    if code not in screen.found.taxonomy:
        return _elsewhere(screen, code, history)
    shown = showing.one_concept(screen, code, history)
    if version:
        return screen.show("concept.html", **shown)
    with db.reading() as session:
        courses = of_courses.of_concept(screen, session, pins(), code)
        workshops = ranked.workshops_of(session, code, ui)
    return passing(screen.show("concept.html", **shown, **courses, workshops=workshops))


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
    screen, asked = screen_of(ui, version), Asked.of(request.args)
    found = showing.search(screen, service(Publications), asked)
    return screen.show("search.html", is_indexed=not asked.text, **found)


@page("map", takes=("discipline", "kind"), in_version=True)
def show_map(ui: str, version: str = "") -> Response:
    screen = screen_of(ui, version)
    code, kind = request.args.get("discipline", ""), request.args.get("kind", "")
    if code and (code not in screen.found.taxonomy or screen.found.taxonomy[code].kind != "discipline"):
        raise missing("concept", code, (), screen.found.number)
    if kind and kind not in KINDS:
        raise missing("kind", kind, KINDS)
    return screen.show(
        "map.html", is_indexed=not code, **showing.the_map(screen, (code, kind) if code and kind else None)
    )


# -- versions ----------------------------------------------------------------------------------------------------------


@page("versions")
def show_versions(ui: str) -> Response:
    screen = screen_of(ui)
    return screen.show("versions.html", **showing.versions(screen, service(Publications).store.versions()))


@page("versions/<version>")
def show_release(ui: str, version: str) -> Response:
    screen = screen_of(ui, version)
    with db.reading() as session:
        findings = queries.get_findings(session, screen.found.version)
    screen.links = screen.links.of(None)  # the page is the version's own, and lists all of them
    publications = service(Publications)
    shown = showing.release(screen, findings, publications.store.versions(), files_of(publications, screen.found))
    return screen.show("release.html", **shown)


@page("versions/<version>/sha256sums.txt")
def read_sums(ui: str, version: str) -> Response:
    found = screen_of(ui, version).found
    files = files_of(service(Publications), found, whole=True)
    return renewed(Response(sums(files), content_type="text/plain; charset=utf-8"))


@page("versions/<older>/changes/<newer>", takes=("type", "kind", "code", "page"))
def show_changes(ui: str, older: str, newer: str) -> Response:
    publications = service(Publications)
    old, new = resolved(older), resolved(newer)
    if (old.number, new.number) != (older, newer):
        abort(moved(Links(ui).changes(old.number, new.number, **request.args)))
    screen = Screen(texts_of(ui), Links(ui), new, newest_beside(new), old.version)
    found = publications.difference(old, new)
    shown = showing.difference(screen, old, found, dict(request.args), publications.store.versions())
    return screen.show("changes.html", is_indexed=not request.args, **shown)


@page("compare", takes=("older", "newer"))
def compare(ui: str) -> Response:
    """Where the form that chooses two versions leads."""
    older, newer = (resolved(request.args.get(name) or LATEST).number for name in ("older", "newer"))
    return moved(Links(ui).changes(older, newer))


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
        raise missing("guide", name, guides())
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
    with db.reading() as session:
        courses = of_courses.count(session, most=MOST_MAPPED)
    return passing(sitemap.index(service(Publications), courses), _CRAWLED_SECONDS)


@page("sitemap-<int:number>.xml")
def read_part_of_sitemap(ui: str, number: int) -> Response:
    found = sitemap.part(service(Publications), ui, number)
    if found is None:
        raise NotFound()
    return current(found, _CRAWLED_SECONDS)


@page("sitemap-courses-<int:number>.xml")
def read_part_of_sitemap_of_courses(ui: str, number: int) -> Response:
    with db.reading() as session:
        found = of_courses.changed(session, (number - 1) * sitemap.A_FILE, sitemap.A_FILE) if number else []
    if not found:
        raise NotFound()
    return passing(sitemap.part_of_courses(found, ui), _CRAWLED_SECONDS)


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
