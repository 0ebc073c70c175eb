"""What crawlers are told: which pages there are, each in every language, and which not to fetch."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from flask import Response

from competency_api.catalogue.serving import Publications
from competency_api.core.http import settings
from competency_api.core.site import SITE_LANGUAGES
from competency_api.pages.guides import guides
from competency_api.pages.links import Links, alternates
from competency_api.taxonomy.kinds import KINDS

#: The protocol allows 50,000 addresses in a file; what is more is found by links.
MOST = 50_000


def sitemap(publications: Publications) -> Response:
    """Every page about the newest version, and the pages of all versions, with their alternates."""
    newest = publications.get("latest")
    day = newest.version.published_at.date().isoformat()
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ]
    most = MOST // len(SITE_LANGUAGES)
    for number, path in enumerate(_paths(publications)):
        if number >= most:
            break
        lines += _entries(path, day)
    return Response("\n".join([*lines, "</urlset>", ""]), content_type="application/xml; charset=utf-8")


def _paths(publications: Publications) -> Iterator[str]:
    """In English; other languages have the same."""
    links, newest = Links(SITE_LANGUAGES[0]), publications.get("latest")
    yield from (
        links.home(),
        links.concepts(),
        links.map(),
        links.search(),
        links.versions(),
        links.guides(),
        links.reference(),
    )
    yield from (links.guide(name) for name in guides())
    yield from (links.kind(name) for name in KINDS if name in newest.taxonomy.kinds)
    for version in publications.store.versions():
        yield links.release(version.number)
        if version.parent:
            yield links.changes(version.parent, version.number)
    yield from (links.concept(concept.code) for concept in newest.taxonomy)


def _entries(path: str, day: str) -> Iterator[str]:
    base, same = settings.base_url, alternates(path)
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{tag}" href={quoteattr(base + address)}/>'
        for tag, address in same.items()
    )
    for address in same.values():
        yield f"<url><loc>{base}{address}</loc><lastmod>{day}</lastmod>{others}</url>"


def robots() -> Response:
    """Questions are endless, and pages of exact versions say that they are not for indexes."""
    lines = [
        "User-agent: *",
        *(f"Disallow: /{tag}/search?" for tag in SITE_LANGUAGES),
        *(f"Disallow: /{tag}/compare" for tag in SITE_LANGUAGES),
        f"Sitemap: {settings.base_url}/sitemap.xml",
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
