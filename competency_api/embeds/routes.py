"""Embeds over HTTP: data for the element and for programs, HTML for frames and fragments, the element's file, oEmbed.

All of it is public and lives below ``/embed``, so that requests of embeds can be counted by their path alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import marshmallow as ma
from flask import Blueprint as PageBlueprint
from flask import Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from competency_api.catalogue.addressing import LATEST
from competency_api.catalogue.schemas import VERSION_PARAMETER
from competency_api.catalogue.serving import Publications, speaker_for
from competency_api.concepts.parameters import filters_in
from competency_api.core.errors import DatabaseUnavailable, InvalidInput, NotFound, ServiceError
from competency_api.core.http import (
    AUTO,
    CSV,
    HTML,
    JSON,
    Blueprint,
    Format,
    as_response,
    brief,
    current,
    db,
    immutable,
    passing,
    public,
    service,
    settings,
)
from competency_api.core.http.failures import service_failure
from competency_api.core.languages import accepted
from competency_api.courses.public.queries import count_shown, list_shown_providers
from competency_api.courses.public.reading import shown, shown_by_id
from competency_api.courses.queries import find_provider
from competency_api.courses.routes import pins
from competency_api.embeds import assets, flat, generator, oembed
from competency_api.embeds.courses import telling
from competency_api.embeds.courses.telling import MOST_COUNTED, Courses, Shelf
from competency_api.embeds.document import Asked, Document, Teller
from competency_api.embeds.schemas import (
    MOST_ITEMS,
    VIEW_PARAMETER,
    EmbeddedOptionSchema,
    EmbedQuerySchema,
    EmbedSchema,
    FrameQuerySchema,
    GeneratorQuerySchema,
    OembedQuerySchema,
    OembedSchema,
)
from competency_api.embeds.snippets import Choice
from competency_api.embeds.views import get_view
from competency_api.embeds.words import spoken, words_of
from competency_api.taxonomy.speaking import OneLanguage

#: How long a reader may not notice a newer version, which every answer mentions, where answers are kept.
EXACT_SECONDS, ALIAS_SECONDS = 300, 10
SCRIPT = Format("js", "text/javascript")
XML = Format("xml", "text/xml")
Answer = TypeVar("Answer", bound=BaseResponse)
_PARAMETERS = [VERSION_PARAMETER, VIEW_PARAMETER]

blp = Blueprint("embeds", __name__, description="Parts of the taxonomy inside other people's pages")
pages = PageBlueprint("embed_pages", __name__, template_folder="templates")
blueprints = (blp, pages)


# -- data --------------------------------------------------------------------------------------------------------------


@blp.get("/embed/v1/<version>/<view>/data", parameters=_PARAMETERS)
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(EmbedQuerySchema, location="query")
@blp.response(200, EmbedSchema, description="Everything that the form shows, chosen, ordered, and in one language")
def read_embed(query: dict[str, Any], version: str, view: str) -> Response:
    """Read what an embed shows

    In one request, for whoever draws it: texts are in `lang` or say that they are not. Without `lang` it is the first
    language of the fallback order.
    """
    return _answer(version, *_told(query, version, view))


@blp.get("/embed/v1/<version>/<view>/options", parameters=_PARAMETERS)
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(EmbedQuerySchema, location="query")
@blp.response(200, EmbeddedOptionSchema(many=True), description="One entry each")
def list_options(query: dict[str, Any], version: str, view: str) -> Response:
    """Read the entries of an embed as options of a drop-down"""
    document, speaker = _told(query, version, view)
    return _answer(version, document, speaker, flat.options(document))


@blp.get("/embed/v1/<version>/<view>/table", parameters=_PARAMETERS)
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(EmbedQuerySchema, location="query")
@blp.response(200, {"type": "string"}, content_type=CSV.media_type, description="One row each")
def read_embed_table(query: dict[str, Any], version: str, view: str) -> Response:
    """Read the entries of an embed as CSV"""
    document, speaker = _told(query, version, view)
    return _answer(version, document, speaker, flat.table(document), CSV)


@blp.get("/oembed")
@blp.public
@blp.raises(NotFound, DatabaseUnavailable)
@blp.arguments(OembedQuerySchema, location="query")
@blp.files(XML)
@blp.response(200, OembedSchema, description="A frame, as oEmbed has it")
def read_oembed(query: dict[str, Any]) -> Response:
    """Turn an address of a concept, a kind, a course, the courses about a concept, or an embed into a frame

    For consumers of [oEmbed](https://oembed.com), in JSON or XML.
    """
    choice = _with_levels(oembed.meant(query["url"], settings.base_url))
    document, _ = _told(_read_again(choice.asked), choice.version, choice.view)
    title, provider = document["title"], str(words_of(document["lang"])["embed"]["title"])
    rich = oembed.rich(choice, title, provider, query)
    is_xml = query["format"] == "xml"
    response = as_response(rich.xml(), XML) if is_xml else as_response(rich.members())
    return current(response, ALIAS_SECONDS)


def _with_levels(choice: Choice) -> Choice:
    """A profile is embedded with what it expects, any other concept as a card."""
    if choice.view != "concept":
        return choice
    concept = service(Publications).get(choice.version).taxonomy.get(choice.asked["code"])
    return choice.in_view("profile") if concept is not None and concept.kind == "profile" else choice


def _read_again(asked: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of an address that was given as a parameter. Raises InvalidInput."""
    try:
        read: dict[str, Any] = FrameQuerySchema().load(dict(asked))
    except ma.ValidationError as error:
        blp.ARGUMENTS_PARSER.handle_error(ma.ValidationError({"query": error.messages}))
    return read


# -- pages -------------------------------------------------------------------------------------------------------------


@pages.get("/embed/v1/<version>/<view>/fragment")
@public
@blp.arguments(EmbedQuerySchema, location="query")
def show_fragment(query: dict[str, Any], version: str, view: str) -> Response:
    """HTML to be put into a page by its own server."""
    document, speaker = _told(query, version, view, AUTO)
    html = render_template("embed_fragment.html", data=document)
    return _answer(version, document, speaker, html, HTML)


@pages.get("/embed/v1/<version>/<view>/frame")
@public
@blp.arguments(FrameQuerySchema, location="query")
def show_frame(query: dict[str, Any], version: str, view: str) -> Response:
    """A whole page, the only one that others may put into a frame."""
    document, speaker = _told(query, version, view, AUTO)
    look = {
        "theme": query["theme"],
        "dir": query.get("dir"),
        "oembed": oembed.discovery(f"{settings.base_url}{request.full_path}", settings.base_url),
    }
    html = render_template("embed_frame.html", data=document, **look, **assets.of_frames())
    return _framed(_answer(version, document, speaker, html, HTML))


@pages.get("/embed/<name>.js")
@public
def read_script(name: str) -> Response:
    """The element's file: by its digest for ever, without one today's."""
    stable, _, digest = name.partition(".")
    script = assets.scripts().get(digest) if digest else assets.script()
    if stable != assets.NAME or script is None:
        raise NotFound("There is no such file; `/embed` makes snippets that name one.")
    response = as_response(script.body, SCRIPT)
    return immutable(response) if digest else brief(response, EXACT_SECONDS)


@pages.get("/embed")
@public
@blp.arguments(GeneratorQuerySchema, location="query")
def show_generator(query: dict[str, Any]) -> Response:
    """The page that makes the snippet."""
    publications = service(Publications)
    with db.reading() as session:
        providers = [(provider.code, provider.name) for provider in list_shown_providers(session)]
    newest = publications.get(LATEST)
    page = generator.Page(query, publications.newest(), newest.taxonomy, settings.base_url, providers)
    try:
        document, _ = _told(_read_again(page.trial.asked_of_data), page.trial.version, page.trial.view, page.ui)
    except (InvalidInput, NotFound) as error:
        return page.answer(None, error)
    return page.answer(document)


@pages.errorhandler(ServiceError)
def show_failure(error: ServiceError) -> BaseResponse:
    """The problem as a page that fits into a frame, in the language of the embed."""
    problem = service_failure(error)
    asked = request.args.get("lang") or request.headers.get("Accept-Language", "")
    lang = spoken(accepted(asked))
    said = words_of(lang)
    message = said["problems"].get(error.code, said["problems"]["unavailable"])
    html = render_template(
        "embed_problem.html",
        lang=lang,
        message=message,
        details=_details(problem.get_json()),
        help=f"{settings.base_url}/embed?ui={lang}#trouble",
        trouble=said["generator"]["trouble"],
        **assets.of_frames(),
    )
    problem.set_data(html)
    problem.content_type = "text/html; charset=utf-8"
    problem.headers["Content-Language"] = lang
    return _framed(problem)


def _details(problem: dict[str, Any]) -> list[str]:
    """What is wrong, as far as it may be told."""
    faults = [f"{fault.get('parameter', '')}: {fault['detail']}" for fault in problem.get("errors", ())]
    return faults or [problem["detail"]]


# -- what they share ---------------------------------------------------------------------------------------------------


def _told(query: Mapping[str, Any], version: str, view: str, lang: str | None = None) -> tuple[Document, OneLanguage]:
    """The document that is asked for, and whoever chose its languages. Raises NotFound and InvalidInput."""
    publications, form = service(Publications), get_view(view)
    found = publications.get(version)
    speaker = speaker_for(query.get("lang") or lang or settings.fallback[0], found.taxonomy)
    assert isinstance(speaker, OneLanguage)  # a language was asked for
    tag = spoken(speaker.asked)
    teller = Teller(found, publications.newest(), speaker, tag, words_of(tag), settings.base_url)
    columns = tuple(query["columns"]) if "columns" in query else None
    asked = Asked(
        form, filters_in(query), query.get("code"), columns, query["sort"], query.get("depth"), query["limit"]
    )
    shelf = Courses.of(query, form)
    return (teller.document(asked) if shelf is None else _told_of_courses(teller, asked, shelf)), speaker


def _told_of_courses(teller: Teller, asked: Asked, wanted: Courses) -> Document:
    """Raises InvalidInput for a provider that there is not, NotFound for courses that are not to be seen."""
    concept = teller.subject(asked)
    with db.reading() as session:
        provider = find_provider(session, wanted.provider) if wanted.provider else None
        if wanted.provider and provider is None:
            raise telling.no_such_provider(wanted.provider)
        if wanted.ids:
            found = shown_by_id(session, pins(), wanted.ids)
            if not found:
                raise telling.no_such_course(wanted.ids)
            return telling.document(teller, asked, Shelf(None, None, found, len(found)))
        filters = wanted.filters(concept, provider)
        found, total = shown(session, pins(), filters, 0, MOST_ITEMS), count_shown(session, filters, MOST_COUNTED)
    return telling.document(teller, asked, Shelf(concept, provider, found, total))


def _answer(
    version: str, document: Document, speaker: OneLanguage, body: Any = None, written: Format = JSON
) -> Response:
    """Kept until the next version is published, of which it tells; what tells of courses only for seconds."""
    response = as_response(document if body is None else body, written)
    response.headers["Content-Language"] = ", ".join(speaker.used)
    if document["view"] == "courses":
        return passing(response)
    return current(response, EXACT_SECONDS if version == document["version"] else ALIAS_SECONDS)


def _framed(response: Answer) -> Answer:
    """The answer, which any page may put into a frame, and which loads nothing."""
    response.headers["Content-Security-Policy"] = assets.policy_of_frames()
    return response
