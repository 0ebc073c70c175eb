"""What the pages of courses are made of, from what the database and the versions say."""

from __future__ import annotations

from typing import Any

from sqlalchemy import orm

from competency_api.catalogue.serving import Publications
from competency_api.core.http import settings
from competency_api.courses.exports.schema_org import CONTEXT
from competency_api.courses.pins import Pins
from competency_api.courses.public import queries, reading
from competency_api.courses.queries import Filters, Provider
from competency_api.pages.content import linked_data
from competency_api.pages.content.finding import Asked as Words
from competency_api.pages.content.finding import Searcher
from competency_api.pages.courses.asking import A_PAGE, MOST_SHOWN, Asked
from competency_api.pages.courses.content import Teller, citation
from competency_api.pages.prose.speech import plain
from competency_api.pages.screen import Screen
from competency_api.versions.queries import list_version_ids_of

Values = dict[str, Any]
#: Courses that the page of a concept names; the others are in the catalogue.
OF_A_CONCEPT = 6
#: Up to here courses are counted for the home page.
MOST_COUNTED = 10_000


def teller(screen: Screen, pins: Pins) -> Teller:
    return Teller(screen.voice, screen.links, pins, str(screen.newest.number))


# -- the catalogue -----------------------------------------------------------------------------------------------------


def catalogue(screen: Screen, session: orm.Session, publications: Publications, pins: Pins, asked: Asked) -> Values:
    providers = queries.list_shown_providers(session)
    concept = _concept(screen, session, asked)
    if asked.concept and concept is None:
        hits = Searcher(publications, screen.found, screen.presenter).answer(Words(asked.concept), screen.texts)["hits"]
        found: Values = {"total": 0, "entries": [], "pages": 1, "meant": hits[:OF_A_CONCEPT]}
    else:
        found = _found(teller(screen, pins), session, asked, providers)
    t, told = screen.texts, teller(screen, pins)
    label = plain(concept["label"], concept["code"]) if concept else ""
    return {
        "title": t("courses.of", label=label) if concept else t("courses.title"),
        "description": t("courses.lead"),
        "asked": asked,
        "chosen": _chosen(told, asked, concept, providers),
        "concept": concept,
        "providers": providers,
        "tongues": [(tag, told.language(tag)) for tag in _languages(session, asked)],
        **found,
    }


def _languages(session: orm.Session, asked: Asked) -> list[str]:
    known = queries.list_shown_languages(session)
    return known if not asked.language or asked.language in known else [*known, asked.language]


def _concept(screen: Screen, session: orm.Session, asked: Asked) -> Values | None:
    """The concept that the list is about: of the newest version, or one that only former versions have."""
    code = asked.concept
    if code in screen.found.taxonomy:
        return dict(screen.presenter.reference(code))
    return {"code": code, "label": None} if code and list_version_ids_of(session, code) else None


def _found(told: Teller, session: orm.Session, asked: Asked, providers: list[Provider]) -> Values:
    provider = next((known for known in providers if known.code == asked.provider), None)
    if asked.provider and provider is None:
        return {"total": 0, "entries": [], "pages": 1}
    filters = asked.filters(provider.id if provider else None)
    total = queries.count_shown(session, filters, MOST_SHOWN + 1)
    rows = reading.shown(session, told.pins, filters, (asked.page - 1) * A_PAGE, A_PAGE)
    return {
        "total": min(total, MOST_SHOWN),
        "is_more": total > MOST_SHOWN,
        "entries": [told.entry(*row) for row in rows],
        "pages": max(1, -(-min(total, MOST_SHOWN) // A_PAGE)),
    }


def _chosen(told: Teller, asked: Asked, concept: Values | None, providers: list[Provider]) -> list[tuple[str, str]]:
    """What the list is narrowed by: words, and the field that they are in."""
    t, names = told.texts, {provider.code: provider.name for provider in providers}
    words = {
        "concept": f"{asked.concept} {plain(concept['label']) if concept else ''}".strip(),
        "relation": t.word("mapping", asked.relation),
        "level": f"{t('concept.level')} {asked.level}",
        "language": told.language(asked.language),
        "modality": t.word("modality", asked.modality),
        "provider": names.get(asked.provider, asked.provider),
        "hours_from": f"≥ {t('course.hours_of', number=asked.hours_from)}",
        "hours_to": f"≤ {t('course.hours_of', number=asked.hours_to)}",
    }
    return [(words[name], name) for name in asked.query()]


# -- one course --------------------------------------------------------------------------------------------------------


def course(screen: Screen, session: orm.Session, pins: Pins, uuid: str) -> Values:
    """Raises NotFound, also for a private one."""
    (document, mappings), node = reading.shown_whole(session, pins, uuid)
    told = teller(screen, pins)
    shown = told.course(document, mappings)
    title = plain(shown["said_title"], document["external_id"])
    address = f"{settings.base_url}{screen.links.course(uuid)}"
    described = {"@context": CONTEXT, **node, "mainEntityOfPage": address}
    return {
        "title": title,
        "description": " ".join(plain(shown["said_description"]).split()) or document["provider"]["name"],
        "citation": citation(document, title, address),
        "data": f"/api/v1/courses/{uuid}",
        "json_ld": linked_data.as_script(described),
        **shown,
    }


# -- on other pages ----------------------------------------------------------------------------------------------------


def of_concept(screen: Screen, session: orm.Session, pins: Pins, code: str) -> Values:
    """The first courses that have to do with a concept, and how many there are by what they do with it."""
    filters = Filters(concept=code)
    told = teller(screen, pins)
    return {
        "courses": [told.entry(*row) for row in reading.shown(session, pins, filters, 0, OF_A_CONCEPT)],
        "courses_by_relation": queries.count_by_relation(session, code),
    }


def count(session: orm.Session, most: int = MOST_COUNTED + 1) -> int:
    """The public courses; ``most`` where there are that many or more."""
    return queries.count_shown(session, Filters(), most)


def changed(session: orm.Session, offset: int, limit: int) -> list[tuple[str, str]]:
    """The ids of public courses behind the first ``offset``, with the days on which they were changed."""
    return [
        (row.uuid, row.updated_at.date().isoformat()) for row in queries.list_shown(session, Filters(), offset, limit)
    ]
