"""What each page is made of: its title, what is said of it elsewhere, and the values of its template."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from competency_api.catalogue.serving import Publication, Publications
from competency_api.concepts.history import History
from competency_api.core.http import settings
from competency_api.core.site import SITE_LANGUAGES
from competency_api.pages.content import browsing, concept, linked_data, overview, releases
from competency_api.pages.content.citing import Citation
from competency_api.pages.content.differences import Comparison
from competency_api.pages.content.downloads import File
from competency_api.pages.content.finding import Asked, Searcher
from competency_api.pages.courses.showing import MOST_COUNTED
from competency_api.pages.links import data
from competency_api.pages.pictures import graph
from competency_api.pages.prose.speech import plain
from competency_api.pages.screen import Screen
from competency_api.pages.texts import Texts
from competency_api.taxonomy.changes import Difference
from competency_api.taxonomy.rules import Finding
from competency_api.versions.values import VersionInfo

Values = dict[str, Any]


def home(screen: Screen, versions: tuple[VersionInfo, ...], courses: int) -> Values:
    """``courses`` is how many are public, counted up to a bound."""
    t, links = screen.texts, screen.links
    described = linked_data.site(settings.base_url, links.home(), links.search(), t.language)
    return {
        "title": t("home.title"),
        "description": t("home.lead"),
        "tiles": browsing.tiles(screen.found.taxonomy, t, links),
        "ornament": overview.ornament(screen.presenter, screen.voice, links),
        "released": releases.rows([screen.found.version], t)[0],
        "versions_total": len(versions),
        "courses_total": _counted(courses, t),
        "json_ld": linked_data.as_script(described),
    }


def _counted(courses: int, texts: Texts) -> str:
    return f"{texts.number(MOST_COUNTED)}+" if courses > MOST_COUNTED else texts.number(courses)


def concepts(screen: Screen) -> Values:
    t = screen.texts
    return {
        "title": t("browse.title"),
        "description": t("browse.lead"),
        "tiles": browsing.tiles(screen.found.taxonomy, t, screen.links),
        "disciplines": browsing.disciplines(screen.presenter, screen.voice),
    }


def kind(screen: Screen, name: str, view: str, page: int) -> Values:
    t = screen.texts
    views = browsing.views_of(screen.found.taxonomy, name)
    view = view if view in views else views[0]
    shown = browsing.kind_page(screen.presenter, screen.voice, name, view, page)
    title = t.word("kinds", name)
    return {"title": title, "description": t.word("meaning", name), "kind": name, "view": view, "views": views, **shown}


def one_concept(screen: Screen, code: str, history: History) -> Values:
    t, links, presenter = screen.texts, screen.links, screen.presenter
    document = presenter.concept(code)
    label = plain(document["labels"]["preferred"], code)
    groups = concept.expectations(presenter, document, t)
    return {
        "title": f"{label} ({code})",
        "description": plain(document["definition"]),
        "concept": document,
        "label": label,
        "trail": concept.trail(presenter, code),
        "attributes": concept.attributes_of(document, t),
        "levels": concept.levels_of(document, t),
        "expectations": groups,
        "levels_picture": concept.levels_picture(groups, t, links),
        "picture": _neighbours(screen, document, label),
        "relations": _relations(screen, document),
        "all_languages": concept.languages_of(presenter.taxonomy[code], SITE_LANGUAGES),
        "history": history,
        "citation": _citation(screen, code, label),
        "data": data(screen.found.number, "concepts", code),
        "json_ld": linked_data.as_script(_described(screen, document)),
    }


def _neighbours(screen: Screen, document: Values, label: str) -> Markup | None:
    t = screen.texts
    found = concept.neighbourhood(document, t, screen.links)
    if not found:
        return None
    return graph.drawn(found, title=t("concept.picture", label=label), description=t("concept.about_picture"))


def _relations(screen: Screen, document: Values) -> list[tuple[str, concept.Entries, dict[str, concept.Entries]]]:
    """Each relation with its entries; long lists by kind. What a profile expects is shown with its levels."""
    taxonomy = screen.presenter.taxonomy
    return [
        (name, entries, concept.by_kind(taxonomy, entries))
        for name, entries in concept.links_of(document).items()
        if name != "expects"
    ]


def _citation(screen: Screen, code: str, label: str) -> Citation:
    version = screen.found.version
    exact = screen.links.of(screen.found.number).concept(code)
    return Citation(
        code, label, screen.found.number, version.publisher, version.published_at, f"{settings.base_url}{exact}"
    )


def _described(screen: Screen, document: Values) -> Values:
    links, base = screen.links, settings.base_url
    page, release = f"{base}{links.concept(document['code'])}", f"{base}{links.release(screen.found.number)}"
    return linked_data.concept(document, page, release, screen.texts.language)


def search(screen: Screen, publications: Publications, asked: Asked) -> Values:
    t = screen.texts
    answer = Searcher(publications, screen.found, screen.presenter).answer(asked, t) if asked.text else None
    title = t("search.titled", text=asked.text) if asked.text else t("search.title")
    tiles = browsing.tiles(screen.found.taxonomy, t, screen.links)
    return {"title": title, "description": t("search.lead"), "asked": asked, "answer": answer, "tiles": tiles}


def the_map(screen: Screen, chosen: tuple[str, str] | None) -> Values:
    t = screen.texts
    shown = overview.overview(screen.presenter, screen.voice, screen.links, chosen)
    return {"title": t("map.title"), "description": t("map.lead"), **shown}


def versions(screen: Screen, all_of_them: tuple[VersionInfo, ...]) -> Values:
    t = screen.texts
    return {
        "title": t("versions.title"),
        "description": t("versions.lead"),
        "rows": releases.rows(all_of_them, t),
    }


def release(
    screen: Screen, findings: tuple[Finding, ...], versions: tuple[VersionInfo, ...], files: list[File]
) -> Values:
    t, version = screen.texts, screen.found.version
    return {
        "title": t("version.titled", number=version.number),
        "description": version.title,
        "changes": releases.changes_of(version, t),
        "why": releases.why(version, t),
        "kinds": releases.kinds(version),
        "coverage": releases.languages(version, t),
        "downloads": files,
        "quality": releases.quality(findings, screen.found.taxonomy, screen.voice),
        "data": data(screen.found.number),
        "all_versions": [str(other.number) for other in reversed(versions)],
    }


def difference(
    screen: Screen, old: Publication, found: Difference, asked: dict[str, str], versions: tuple[VersionInfo, ...]
) -> Values:
    """From ``old`` to the version of the screen."""
    t, new = screen.texts, screen.found
    chosen = {name: tuple(filter(None, asked.get(name, "").split(","))) for name in ("type", "kind", "code")}
    number = int(asked["page"]) if asked.get("page", "").isdecimal() and len(asked["page"]) < 6 else 1
    page = Comparison(old, new, found, screen.voice).page(chosen["type"], chosen["kind"], chosen["code"], number)
    follows = new.version.parent == old.version.number
    return {
        "title": t("difference.titled", older=old.number, newer=new.number),
        "description": t.count("difference.total", len(found.entries)),
        "older": old.number,
        "newer": new.number,
        "why": releases.why(new.version, t) if follows else "",
        "asked": {name: value for name, value in asked.items() if value and name != "page"},
        "differing": len(found.entries),
        "data": data(old.number, "changes", new.number),
        "all_versions": [str(other.number) for other in reversed(versions)],
        **page,
    }
