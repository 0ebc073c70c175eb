"""What the pages of courses show, as plain values for their templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from competency_api.core.autonyms import autonym
from competency_api.courses.pins import Pins
from competency_api.courses.public.reading import spoken
from competency_api.courses.values import SPAN, MappingRelation
from competency_api.pages.content.citing import NAME
from competency_api.pages.links import Links
from competency_api.pages.pictures.levels import meter
from competency_api.pages.prose.speech import Voice
from competency_api.pages.texts import Texts

Document = Mapping[str, Any]
_LONGEST_EXTRACT = 220


@dataclass(frozen=True)
class Teller:
    """Tells of courses, as the API documents them, to readers of one language; ``newest`` is the newest version."""

    voice: Voice
    links: Links
    pins: Pins
    newest: str

    @property
    def texts(self) -> Texts:
        return self.voice.texts

    # -- one among many --------------------------------------------------------------------------------------------

    def entry(self, course: Document, mappings: Iterable[Document] = ()) -> dict[str, Any]:
        """One of a list; ``mappings`` are those that the list is about."""
        description = self.said(course["description"])
        if description:
            description = description | {"text": _shortened(description["text"])}
        return {
            "id": course["id"],
            "title": self.said(course["title"]),
            "description": description,
            "provider": course["provider"],
            "facts": self._short_facts(course),
            "mappings": [self.mapping(course, mapping) for mapping in mappings],
        }

    def _short_facts(self, course: Document) -> list[str]:
        t = self.texts
        facts = [
            t("course.hours_of", number=self.amount(course["hours"])) if course["hours"] is not None else "",
            t(f"modality.{course['modality']}") if course["modality"] else "",
            ", ".join(self.language(tag) for tag in course["languages"]),
        ]
        return [fact for fact in facts if fact]

    # -- the whole course ------------------------------------------------------------------------------------------

    def course(self, course: Document, mappings: Iterable[Document]) -> dict[str, Any]:
        t, rows = self.texts, [self.mapping(course, mapping) for mapping in mappings]
        groups = [
            (relation.value, [row for row in rows if row["relation"] == relation]) for relation in MappingRelation
        ]
        return {
            "course": course,
            "said_title": self.said(course["title"]),
            "said_description": self.said(course["description"]),
            "population": self.said(course["population"]),
            "languages_of_course": [self.language(tag) for tag in course["languages"]],
            "modality": t(f"modality.{course['modality']}") if course["modality"] else "",
            "hours": None if course["hours"] is None else self.amount(course["hours"]),
            "price": self._price(course["price"]),
            "runs": [self._run(run) for run in course["dates"]],
            "mappings": [(relation, rows) for relation, rows in groups if rows],
        }

    def _price(self, price: Document | None) -> str:
        if price is None:
            return ""
        return f"{self.amount(price['amount'])} {price['currency']}" if price["amount"] else self.texts("course.free")

    def _run(self, run: Document) -> str:
        t, starts = self.texts, self.texts.date(run["starts"])
        return (
            t("course.period", starts=starts, ends=t.date(run["ends"]))
            if run["ends"]
            else t("course.from", starts=starts)
        )

    # -- mappings --------------------------------------------------------------------------------------------------

    def mapping(self, course: Document, mapping: Document) -> dict[str, Any]:
        """A mapping with the concept's label in the version that it is as of, and a link to the concept there."""
        version, code, level = mapping["version"], mapping["concept"], mapping["level"]
        concept = self.pins.taxonomy(self.pins.resolve(version).id).get(code)
        return {
            "relation": mapping["relation"],
            "code": code,
            "label": self.voice.label(concept.labels, concept.translations) if concept else None,
            "within": self.links.of(None if version == self.newest else version),
            "version": version,
            "level": level,
            "level_name": self.texts(f"level.{level}") if level else "",
            "meter": meter(level) if level else "",
            "hours": None if mapping["hours"] is None else self.amount(mapping["hours"]),
            "evidence": mapping["evidence"],
            "quote": quote_of(course, mapping["evidence_span"]),
        }

    # -- words -----------------------------------------------------------------------------------------------------

    def said(self, texts: Mapping[str, str]) -> dict[str, Any] | None:
        """A provider's text, with the name of its language for readers of another."""
        said = spoken(self.voice, texts)
        self.voice.has_others |= bool(said and said["fallback"])
        return said and said | {"language": self.language(said["lang"])}

    def language(self, tag: str) -> str:
        """What a language is called: in the reader's words where there are, else in its own."""
        return self.texts.texts.get(f"language.{tag}") or autonym(tag)

    def amount(self, number: float) -> str:
        """A number with at most two decimals, as the language writes it."""
        whole, _, decimals = f"{number:.2f}".rstrip("0").rstrip(".").partition(".")
        point = "." if self.texts.language == "en" else ","
        return self.texts.number(int(whole)) + (f"{point}{decimals}" if decimals else "")


def quote_of(course: Document, span: str | None) -> dict[str, str] | None:
    """The part of the course's own text that supports a mapping, with its language."""
    match = SPAN.fullmatch(span or "")
    if match is None:
        return None
    part, language, start, end = match.groups()
    found = course[part].get(language, "")[int(start) : int(end)].strip()
    return {"text": found, "lang": language} if found else None


def citation(course: Document, title: str, address: str) -> str:
    """Whoever reads it later needs the day on which it was like this; a course has no versions."""
    return f"{title}. {course['provider']['name']}. {NAME}, {course['updated_at'][:10]}. {address}"


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_EXTRACT else f"{line[:_LONGEST_EXTRACT].rsplit(' ', 1)[0]}…"
