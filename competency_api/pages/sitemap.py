"""What crawlers are told: which pages there are, each in every language, and which not to fetch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from xml.sax.saxutils import quoteattr

from flask import Response

from competency_api.catalogue.serving import Publications
from competency_api.core.http import settings
from competency_api.core.site import SITE_LANGUAGES
from competency_api.pages.guides import guides
from competency_api.pages.links import Links, alternates
from competency_api.taxonomy.kinds import KINDS

#: Pages in one file: with their alternates a few megabytes, far below what the protocol allows.
A_FILE = 5_000
_HEAD = '<?xml version="1.0" encoding="utf-8"?>'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def index(publications: Publications, courses: int) -> Response:
    """The files, of each language as many as its pages and this many courses need."""
    files = [f"sitemap-{number}.xml" for number in _files(len(list(_paths(publications))))]
    files += [f"sitemap-courses-{number}.xml" for number in _files(courses)]
    named = [f"{settings.base_url}/{tag}/{file}" for tag in SITE_LANGUAGES for file in files]
    entries = "".join(f"<sitemap><loc>{name}</loc></sitemap>\n" for name in named)
    return _as_xml(f'{_HEAD}\n<sitemapindex xmlns="{_NAMESPACE}">\n{entries}</sitemapindex>\n')


def _files(pages: int) -> range:
    return range(1, 1 + -(-pages // A_FILE))


def part(publications: Publications, language: str, number: int) -> Response | None:
    """Pages of one language with their alternates, about the newest version and of all versions; None past the end."""
    day = publications.newest().published_at.date().isoformat()
    pages = list(islice(_paths(publications), (number - 1) * A_FILE, number * A_FILE)) if number else []
    if not pages:
        return None
    return _written([(path, day) for path in pages], language)


def part_of_courses(courses: Iterable[tuple[str, str]], language: str) -> Response:
    """Courses by their public ids, each with the day on which it was changed."""
    links = Links(SITE_LANGUAGES[0])
    return _written([(links.course(uuid), day) for uuid, day in courses], language)


def _written(pages: Iterable[tuple[str, str]], language: str) -> Response:
    entries = "\n".join(_entry(path, language, day) for path, day in pages)
    spaces = f'xmlns="{_NAMESPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    return _as_xml(f"{_HEAD}\n<urlset {spaces}>\n{entries}\n</urlset>\n")


def _as_xml(text: str) -> Response:
    return Response(text, content_type="application/xml; charset=utf-8")


def _paths(publications: Publications) -> Iterator[str]:
    """In English; other languages have the same."""
    links, newest = Links(SITE_LANGUAGES[0]), publications.get("latest")
    yield from (
        links.home(),
        links.concepts(),
        links.map(),
        links.courses(),
        links.search(),
        links.versions(),
        links.guides(),
        links.reference(),
        links.problems(),
        links.rules(),
        links.licence(),
        links.accessibility(),
    )
    yield from (links.guide(name) for name in guides())
    yield from (links.kind(name) for name in KINDS if name in newest.taxonomy.kinds)
    for version in publications.store.versions():
        yield links.release(version.number)
        if version.parent:
            yield links.changes(version.parent, version.number)
    yield from (links.concept(concept.code) for concept in newest.taxonomy)


def _entry(path: str, language: str, day: str) -> str:
    base, same = settings.base_url, alternates(path)
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{tag}" href={quoteattr(base + address)}/>'
        for tag, address in same.items()
    )
    return f"<url><loc>{base}{same[language]}</loc><lastmod>{day}</lastmod>{others}</url>"


def robots() -> Response:
    """Questions are endless, and pages of exact versions say that they are not for indexes."""
    lines = [
        "User-agent: *",
        *(f"Disallow: /{tag}/search?" for tag in SITE_LANGUAGES),
        *(f"Disallow: /{tag}/courses?" for tag in SITE_LANGUAGES),
        *(f"Disallow: /{tag}/compare" for tag in SITE_LANGUAGES),
        f"Sitemap: {settings.base_url}/sitemap.xml",
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
