"""What a provider says about a course, as it stands on the wire, checked and turned into a :class:`Course`.

The same for a single request and for each record of a file. Numbers of hours and prices are rounded to hundredths.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from competency_api.core.errors import FieldError
from competency_api.core.languages import find_tag
from competency_api.core.text import fault_of, normalised, printable
from competency_api.courses import values
from competency_api.courses.values import Course, Modality, Price, Run, Visibility

URL_PATTERN = "^https?://[!-~]+$"
CURRENCY_PATTERN = "^[A-Z]{3}$"
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Words of paths below a course, which an identifier must not be mistaken for.
_TAKEN = "mappings"

Hours = Annotated[float, Meta(ge=0, le=values.MOST_HOURS)]


class RunDocument(msgspec.Struct, forbid_unknown_fields=True):
    starts: str
    ends: str | None = None


class PriceDocument(msgspec.Struct, forbid_unknown_fields=True):
    amount: Annotated[float, Meta(ge=0, le=10_000_000)]
    currency: Annotated[str, Meta(pattern=CURRENCY_PATTERN)]


class CourseDocument(msgspec.Struct, forbid_unknown_fields=True):
    """A course on the wire."""

    title: dict[str, str]
    description: dict[str, str] = {}
    url: Annotated[str, Meta(max_length=values.LONGEST_URL)] | None = None
    visibility: Visibility = Visibility.PUBLIC
    modality: Modality | None = None
    hands_on: Annotated[int, Meta(ge=0, le=100)] | None = None
    hours: Hours | None = None
    languages: Annotated[list[str], Meta(max_length=values.MOST_LANGUAGES)] = []
    population: dict[str, str] = {}
    price: PriceDocument | None = None
    dates: Annotated[list[RunDocument], Meta(max_length=values.MOST_RUNS)] = []


class WrongCourse(ValueError):
    """What is wrong with it; pointers are into the course."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__(str(errors[0]))
        self.errors = errors


def hundredths(number: float) -> int:
    """A number as whole hundredths, by its decimal digits: 1.15 is 115."""
    return int((Decimal(repr(number)) * 100).to_integral_value(ROUND_HALF_UP))


def fault_of_external_id(external_id: str) -> str | None:
    """Why a course cannot be called so; None when it can."""
    fault = fault_of(external_id)
    if fault:
        return fault
    if not 0 < len(external_id) <= values.LONGEST_EXTERNAL_ID or normalised(external_id) != external_id:
        return f"It must be 1 to {values.LONGEST_EXTERNAL_ID} characters, without space around, in Unicode NFC."
    parts = external_id.split("/")
    if {"", ".", ".."} & set(parts):
        return "Between, before and behind its slashes there must be something other than dots: addresses lose that."
    if _TAKEN in parts[1:]:
        return f'No part of it behind a slash may be "{_TAKEN}", which addresses have a meaning for.'
    return None


def course_from(document: Mapping[str, Any]) -> Course:
    """The course that a document in JSON types describes. Raises WrongCourse."""
    try:
        read = msgspec.convert(dict(document), CourseDocument)
    except msgspec.ValidationError as error:
        raise WrongCourse([_shape_error(str(error))]) from None
    errors: list[FieldError] = []
    course = Course(
        title=_texts(read.title, "title", values.LONGEST_TITLE, errors),
        visibility=read.visibility,
        description=_texts(read.description, "description", values.LONGEST_TEXT, errors),
        url=_url(read.url or "", errors),
        modality=read.modality,
        hands_on=read.hands_on,
        hours=None if read.hours is None else hundredths(read.hours),
        languages=_languages(read.languages, errors),
        population=_texts(read.population, "population", values.LONGEST_TEXT, errors),
        price=Price(amount=hundredths(read.price.amount), currency=read.price.currency) if read.price else None,
        dates=tuple(sorted(_runs(read.dates, errors), key=lambda run: (run.starts, run.ends))),
    )
    if not course.title and not errors:
        errors.append(FieldError("It must have a title in some language.", pointer="/title"))
    if errors:
        raise WrongCourse(errors)
    return course


def course_document(course: Course) -> dict[str, Any]:
    """The same course on the wire: what :func:`course_from` takes, complete."""
    price = course.price
    return {
        "title": course.title,
        "description": course.description,
        "url": course.url or None,
        "visibility": course.visibility.value,
        "modality": course.modality.value if course.modality else None,
        "hands_on": course.hands_on,
        "hours": number(course.hours),
        "languages": list(course.languages),
        "population": course.population,
        "price": {"amount": number(price.amount), "currency": price.currency} if price else None,
        "dates": [{"starts": run.starts, "ends": run.ends or None} for run in course.dates],
    }


def number(hundredth: int | None) -> float | int | None:
    """Hundredths as a number, whole where it is."""
    if hundredth is None:
        return None
    return hundredth // 100 if hundredth % 100 == 0 else hundredth / 100


def _shape_error(message: str) -> FieldError:
    """msgspec's sentence and path: ``Expected `int`, got `str` - at `$.dates[0].starts```."""
    said, _, path = message.partition(" - at `$")
    pointer = re.sub(r"\.|\[", "/", path.removesuffix("`")).replace("]", "").replace("/...", "")
    return FieldError(f"{said.replace('`', '')}.", pointer=pointer)


def _texts(texts: dict[str, str], name: str, most: int, errors: list[FieldError]) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag, text in texts.items():
        language, clean = find_tag(tag), normalised(text, multiline=True)
        fault = fault_of(clean, multiline=name != "title")
        pointer = f"/{name}/{printable(tag)}"
        if language is None:
            errors.append(
                FieldError(f'"{printable(tag)}" is no language tag such as "es" or "pt-BR".', pointer=pointer)
            )
        elif fault or len(clean) > most:
            errors.append(FieldError(fault or f"It has more than {most} characters.", pointer=pointer))
        elif clean:
            found[language] = clean
    return dict(sorted(found.items()))


def _no_language(tag: str) -> str:
    return f'"{printable(tag)}" is no language tag such as "es" or "pt-BR".'


def _url(url: str, errors: list[FieldError]) -> str:
    if url and not re.fullmatch(URL_PATTERN, url):
        errors.append(FieldError("It must be an address that begins with https:// or http://.", pointer="/url"))
    return url


def _languages(tags: list[str], errors: list[FieldError]) -> tuple[str, ...]:
    found = {tag: find_tag(tag) for tag in tags}
    for place, tag in enumerate(tags):
        if found[tag] is None:
            errors.append(FieldError(_no_language(tag), pointer=f"/languages/{place}"))
    return tuple(sorted({language for language in found.values() if language}))


def _runs(documents: list[RunDocument], errors: list[FieldError]) -> list[Run]:
    runs = []
    for place, read in enumerate(documents):
        days = [_day(read.starts), _day(read.ends) if read.ends else None]
        if days[0] is None or (read.ends and days[1] is None):
            errors.append(FieldError("Days are written like 2026-11-23.", pointer=f"/dates/{place}"))
        elif days[1] is not None and days[1] < days[0]:
            errors.append(FieldError("It ends before it starts.", pointer=f"/dates/{place}/ends"))
        else:
            runs.append(Run(starts=read.starts, ends=read.ends or ""))
    return runs


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
