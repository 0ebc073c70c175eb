"""Requests that reach every published answer: each public GET operation in its formats, languages and parameters."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from flask import Flask

from competency_api.core.http.access import PUBLIC, operations_of

#: Values of the parameters in paths. A route with another parameter fails here until it is given one.
VALUES = {
    "version": ("1.0.0", "1.1.0", "latest", "1", "2030-01-01"),
    "older": ("1.0.0", "1.1.0"),
    "newer": ("1.1.0", "latest"),
    "code": ("C001", "T002", "C002", "R001", "D001"),
    "name": ("json", "ndjson", "csv"),
}
#: Queries by the last part of the route; the empty one is asked of every route.
QUERIES = {
    "concepts": ("kind=competency&lang=es", "limit=2", "limit=all&fields=code,labels", "include=narrower&lang=auto"),
    "<code>": ("lang=es", "fields=code,labels.preferred", "include=requires&lang=fr", "lang=auto"),
    "tree": ("kind=competency", "kind=discipline&lang=es"),
    "<newer>": ("type=renamed", "lang=es", "limit=1"),
    "quality": ("limit=1",),
    "versions": ("limit=1",),
    "search": (
        *("q=competency", "q=competencia+001&lang=es&limit=2", "q=C002&kind=competency&facets=false"),
        *("q=tecnologia&q_lang=es&lang=auto", "q=%22%5C*&lang=fr"),
    ),
    "suggest": ("q=comp", "q=competnecy&lang=es&limit=1", "q=C0&status=retired", "q=t&below=D001&lang=auto"),
}
SUFFIXES = ("", ".json", ".csv", ".html", ".atom")
LANGUAGES = ("", "es, en;q=0.5", "el")
#: Paths whose answers come from published versions.
PREFIX = "/api/v1/"
#: Those below it whose answers do not.
_OF_COURSES = ("/api/v1/courses", "/api/v1/courses/<id>", "/api/v1/concepts/<code>/courses")
OF_THE_MOMENT = ("/api/v1/events", "/api/v1/coverage", "/api/v1/concepts/<code>/workshops", *_OF_COURSES)


def rules_of(app: Flask) -> list[str]:
    """The routes of published answers, as the framework writes them."""
    rules = {op.rule for op in operations_of(app) if op.method == "GET" and op.access == PUBLIC}
    return sorted(rule for rule in rules if rule.startswith(PREFIX) and rule not in OF_THE_MOMENT)


def paths_of(rule: str) -> Iterator[str]:
    """The route with every combination of values of its parameters."""
    names = [part.strip("<>").split(":")[-1] for part in rule.split("/") if part.startswith("<")]
    for values in product(*(VALUES[name] for name in names)):
        path = rule
        for part, value in zip((p for p in rule.split("/") if p.startswith("<")), values, strict=True):
            path = path.replace(part, value, 1)
        yield path


def requests_of(app: Flask) -> list[tuple[str, str, str]]:
    """(path, query, Accept-Language) of every request; those that some route does not know are refused by it."""
    found = []
    for rule in rules_of(app):
        last = rule.rsplit("/", 1)[1].replace("<string:", "<")
        for path in paths_of(rule):
            for query in ("", *QUERIES.get(last, ())):
                found += [(path, query, language) for language in (LANGUAGES if "auto" in query else LANGUAGES[:1])]
            found += [(path + suffix, "", language) for suffix in SUFFIXES[1:] for language in LANGUAGES[:2]]
    return found
