"""Failures as pages for people: in the interface's language, with a search and the nearest things that there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, g, request

from competency_api.catalogue.serving import Publications
from competency_api.core.errors import ServiceError
from competency_api.core.http import service
from competency_api.core.http.site import site_language
from competency_api.core.site import SITE_LANGUAGES
from competency_api.core.text import printable
from competency_api.pages.links import Links
from competency_api.pages.prose.speech import Voice, plain
from competency_api.pages.screen import Frame, as_html

_LANGUAGE_TAG = 3


@dataclass(frozen=True)
class Missing:
    """What was asked for and is not there: ``what`` is concept, version, kind or guide; ``nearest`` are their names."""

    what: str
    name: str
    number: str = ""
    nearest: tuple[str, ...] = ()
    since: str | None = None


def failure_page(problem: dict[str, Any]) -> Response:
    """The page for problem details that were to be answered."""
    first = request.path.split("/")[1]
    language = first if first in SITE_LANGUAGES else site_language()
    frame, status = Frame.of(language), int(problem["status"])
    known = f"error.{status}" in frame.texts.texts
    title = frame.texts(f"error.{status}") if known else str(problem["title"])
    missing: Missing | None = g.get("missing")
    content = frame.render(
        "failure.html",
        title=title,
        status=status,
        problem=problem,
        reason=_reason(frame, missing),
        nearest=_nearest(frame, missing),
        languages_of_page=_in_languages(first),
        is_indexed=False,
    )
    return as_html(content, language)


def _reason(frame: Frame, missing: Missing | None) -> str:
    """What is not there, in a sentence; empty where only the title is known."""
    if missing is None:
        return ""
    key = f"error.no_{missing.what}" if missing.since is None else "error.not_yet"
    return frame.texts(key, name=printable(missing.name), number=missing.number, since=missing.since)


def _nearest(frame: Frame, missing: Missing | None) -> list[tuple[str, str]]:
    """Words and addresses of what may be meant."""
    if missing is None:
        return []
    links, t = frame.links, frame.texts
    if missing.since is not None:
        return [
            (
                f"{missing.name} ({t('version.titled', number=missing.since)})",
                links.of(missing.since).concept(missing.name),
            )
        ]
    if missing.what == "concept":
        return _concepts(frame, missing)
    if missing.what == "version":
        return [(t("version.titled", number=number), links.release(number)) for number in missing.nearest]
    if missing.what == "kind":
        return [(t.word("kinds", name), links.kind(name)) for name in missing.nearest]
    return [(name, links.guide(name)) for name in missing.nearest]


def _concepts(frame: Frame, missing: Missing) -> list[tuple[str, str]]:
    try:
        found = service(Publications).get(missing.number or "latest")
    except ServiceError:
        return []
    links = Links(frame.texts.language, found.number if f"/versions/{found.number}/" in request.path else None)
    voice, concepts = Voice(frame.texts, ()), (found.taxonomy.get(code) for code in missing.nearest)
    return [
        (f"{concept.code} {plain(voice.label(concept.labels, concept.translations))}", links.concept(concept.code))
        for concept in concepts
        if concept
    ]


def _in_languages(first: str) -> dict[str, str]:
    """For an address that begins with a language that the interface does not have: the same in those that it has."""
    is_language = first.isascii() and first.isalpha() and 1 < len(first) <= _LANGUAGE_TAG
    if not is_language or first in SITE_LANGUAGES or first == "id":
        return {}
    rest = request.path.split("/", 2)[2] if request.path.count("/") > 1 else ""
    return {tag: f"/{tag}/{rest}" for tag in SITE_LANGUAGES}
