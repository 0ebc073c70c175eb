"""Plain questions, answered ahead of the web framework.

Every new question is a first read, which no finished answer helps, and a framework's way around a view takes longer
than the search. So a question that has nothing but words, languages and a length is read here; any other, and all that
could be refused, goes the framework's way. Both make the same answer from the same parts, byte for byte. What its
header fields are is never said here: they are taken over from an answer that the framework made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote_plus, urlencode

import msgspec

from competency_api.catalogue.serving import Publication, Publications
from competency_api.concepts.presentation import Presenter
from competency_api.core.config import Settings
from competency_api.core.errors import ServiceError
from competency_api.core.http import ROUTE, Limits, entity_tag
from competency_api.core.languages import find_tag
from competency_api.core.marks import CURRENT, EXACT, MARK
from competency_api.search import presentation
from competency_api.search.finding.querying import MOST_CHARACTERS
from competency_api.search.index import SearchIndex
from competency_api.search.parameters import HITS, MOST_HITS, hits_of
from competency_api.search.values import SearchQuery
from competency_api.taxonomy.speaking import AllLanguages, OneLanguage

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]

_BEFORE, _AFTER = "/api/v1/versions/", "/search"
_RULE = f"{_BEFORE}<version>{_AFTER}"
_PLAIN = frozenset({"q", "q_lang", "lang", "limit", "facets"})
_JSON = frozenset({"", "*/*", "application/json"})
#: Fields that say something about one answer; the others are the same for all.
_OWN = frozenset({"etag", "content-length", "content-location", "content-language", "link"})
_ENCODER = msgspec.json.Encoder()


class Question(NamedTuple):
    """A plain question. ``parameters`` are as they were given, ``lang`` is that of the answer."""

    version: str
    query: SearchQuery
    lang: str | None
    parameters: dict[str, str]


class PlainSearches:
    """Answers plain questions ahead of ``app``, which answers the first of each kind and all others."""

    def __init__(self, app: WSGIApplication, publications: Publications, settings: Settings, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._publications = publications
        self._settings = settings
        #: Fields of every answer, by whether the version was named exactly.
        self._fields: dict[bool, Headers] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        question = read(environ)
        if question is None:
            return self._app(environ, start_response)
        try:
            found = self._publications.get(question.version)
            index = self._publications.beside(found, SearchIndex)
        except ServiceError:
            return self._app(environ, start_response)
        if found.version.withdrawal:  # its answers carry fields of their own, which are not to be learned
            return self._app(environ, start_response)
        is_exact = found.number == question.version
        fields = self._fields.get(is_exact)
        if fields is None:
            return self._app(environ, self._learning(is_exact, start_response))
        if not self._limits.admits(environ):
            return self._app(environ, start_response)
        own, body = self._answer(question, found, index)
        environ[ROUTE], environ[MARK] = _RULE, EXACT if is_exact else CURRENT
        if not is_exact:
            own.append(("Content-Location", f"{_BEFORE}{found.number}{_AFTER}?{urlencode(question.parameters)}"))
        start_response("200 OK", [*fields, *own])
        return (body,)

    def _learning(self, is_exact: bool, start_response: StartResponse) -> StartResponse:
        def start(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            if status.startswith("200"):
                self._fields[is_exact] = [pair for pair in headers if pair[0].lower() not in _OWN]
            return start_response(status, headers, exc_info)

        return start

    def _answer(self, question: Question, found: Publication, index: SearchIndex) -> tuple[Headers, bytes]:
        asked = question.lang
        speaker = AllLanguages() if asked is None else OneLanguage((asked,), self._settings.fallback)
        presenter = Presenter(found.taxonomy, found.number, self._settings.base_url, speaker)
        result = index.search(question.query)
        page = hits_of(found.numbers, question.parameters, speaker.asked).page_at(0, result.hits, result.total)
        body = _ENCODER.encode(presentation.page(page, result, presenter))
        link = page.link_from(f"{_BEFORE}{question.version}{_AFTER}", question.parameters.items())
        own = [("Content-Length", str(len(body))), ("ETag", f'"{entity_tag(body)}"'), *link.items()]
        if languages := presentation.languages(result.hits, presenter):
            own.append(("Content-Language", ", ".join(languages)))
        return own, body


def read(environ: WSGIEnvironment) -> Question | None:
    """The question of a request, if it is one, plain, and nothing in it can be refused."""
    path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    if not (path.endswith(_AFTER) and path.startswith(_BEFORE) and query.isascii()):
        return None
    is_get = environ["REQUEST_METHOD"] == "GET" and "HTTP_IF_NONE_MATCH" not in environ
    version = path[len(_BEFORE) : -len(_AFTER)]
    if not is_get or not version.replace(".", "").isalnum() or environ.get("SCRIPT_NAME"):
        return None
    given = _parameters(query) if environ.get("HTTP_ACCEPT", "") in _JSON else None
    asked = None if given is None else _query(given)
    return None if given is None or asked is None else Question(version, asked, given.get("lang"), given)


def _parameters(query: str) -> dict[str, str] | None:
    """The parameters when all are known here and each is given once, in UTF-8."""
    given: dict[str, str] = {}
    for part in query.split("&"):
        name, equals, value = part.partition("=")
        if not equals or name not in _PLAIN or name in given:
            return None
        try:
            given[name] = unquote_plus(value, errors="strict")
        except UnicodeDecodeError:
            return None
    return given


def _query(given: dict[str, str]) -> SearchQuery | None:
    """What is asked, if every value is right in its canonical spelling."""
    text, limit, facets = given.get("q", ""), given.get("limit", str(HITS)), given.get("facets", "true")
    tags = [given[name] for name in ("q_lang", "lang") if name in given]
    is_right = (
        (text and not text.isspace() and len(text) <= MOST_CHARACTERS)
        and (limit.isascii() and limit.isdigit() and limit[0] != "0" and len(limit) < 4 and int(limit) <= MOST_HITS)
        and facets in ("true", "false")
        and all(find_tag(tag) == tag for tag in tags)
    )
    if not is_right:
        return None
    return SearchQuery(
        text=text,
        language=given.get("q_lang"),
        answer_languages=(given["lang"],) if "lang" in given else (),
        limit=int(limit),
        with_facets=facets == "true",
    )
