"""In which language texts are asked for: ``lang=es``, ``lang=auto`` for what ``Accept-Language`` says, or all."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request

from competency_api.core.errors import FieldError, InvalidInput
from competency_api.core.http.caching import vary_on
from competency_api.core.http.context import settings
from competency_api.core.http.fields import SafeString
from competency_api.core.http.schemas import QuerySchema
from competency_api.core.languages import LONGEST_TAG, accepted, find_tag
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable

AUTO = "auto"
_LANG = {
    "description": "Texts in one language, each with `lang`, `fallback` and `review`: a tag of BCP 47, or `auto` for "
    "what `Accept-Language` asks. Left out, texts are in all languages.",
    "examples": ["es", "auto"],
}


class LanguageQuerySchema(QuerySchema):
    """``lang``: to be inherited by queries of operations that answer with texts."""

    lang = SafeString(least=2, most=LONGEST_TAG, metadata=_LANG)


def asked_languages(lang: str | None, known: Iterable[str]) -> tuple[str, ...] | None:
    """The languages that the present request wants, most wanted first; None for all of them.

    ``known`` are those that there are, for the message of the InvalidInput that is raised for what is no language.
    """
    if lang is None:
        return None
    if lang == AUTO:
        vary_on("Accept-Language")
        return accepted(request.headers.get("Accept-Language")) or settings.fallback
    tag = find_tag(lang)
    if tag is None:
        message = f'"{printable(lang)}" is not a language tag of BCP 47.{did_you_mean(lang, [*known, AUTO])}'
        raise InvalidInput(FieldError(message, parameter="lang"))
    return (tag,)
