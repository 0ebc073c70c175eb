"""Suggestions for courses of one provider, over one version: which text of a course is read, and what is left out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass

import msgspec

from competency_api.core.languages import choose
from competency_api.courses.suggestions.values import Offer, Wanted
from competency_api.courses.values import LONGEST_EVIDENCE, Course, MappingRelation
from competency_api.matching.accepted import AMONG, Remembering, suggested
from competency_api.matching.matcher import Matcher
from competency_api.matching.values import MOST_MATCHES, Match, MatchQuery, MatchResult, Span
from competency_api.taxonomy.concept import REFERENCE_LANGUAGE
from competency_api.taxonomy.taxonomy import Taxonomy

_BETWEEN = " … "


@dataclass(frozen=True)
class CourseText:
    """Title and description of a course in one of its languages, a tag as the course has it."""

    language: str
    title: str
    description: str

    @classmethod
    def of(cls, course: Course, language: str) -> CourseText:
        return cls(language, course.title.get(language, ""), course.description.get(language, ""))

    @property
    def digest(self) -> str:
        """The same for the same text."""
        return hashlib.sha256("\0".join((self.language, self.title, self.description)).encode()).hexdigest()

    @property
    def whole(self) -> str:
        return f"{self.title}\n{self.description}"

    def offer(self, match: Match) -> Offer:
        """What accepting the match writes: with the words that support it, and the first of their places."""
        first = match.spans[0] if match.spans else None
        said = dict.fromkeys(self._words(span) for span in match.spans)
        return Offer(
            language=self.language,
            digest=self.digest,
            confidence=match.confidence,
            relation=MappingRelation(match.relation),
            level=match.level,
            evidence=_BETWEEN.join(said)[:LONGEST_EVIDENCE],
            span=f"{first.field}@{self.language}:{first.start}-{first.end}" if first else "",
        )

    def _words(self, span: Span) -> str:
        return (self.title if span.field == "title" else self.description)[span.start : span.end]


def text_of(course: Course, preferred: str | None) -> CourseText:
    """The text in the preferred language where the course has it, else where there is a description, English first."""
    tags = {*course.title, *course.description}
    wanted = choose([preferred], tags, ()) if preferred else None

    def order(tag: str) -> tuple[bool, bool, bool, str]:
        is_wanted = wanted is not None and tag == wanted.tag
        return (not is_wanted, tag not in course.description, tag != REFERENCE_LANGUAGE, tag)

    return CourseText.of(course, min(tags, key=order))


@dataclass(frozen=True)
class Suggester:
    """Suggests concepts of a version. ``remembering`` gives what the provider may know of acceptances, by language."""

    taxonomy: Taxonomy
    matcher: Callable[[], Matcher]
    remembering: Remembering

    def of(self, course: Course, wanted: Wanted, settled: Collection[str] = ()) -> tuple[CourseText, MatchResult]:
        """The text that was read and what it is about, best first, without the concepts that are ``settled``."""
        text = text_of(course, wanted.language)
        choice = choose([text.language], self.taxonomy.languages, ())
        asked = MatchQuery(
            title=text.title,
            description=text.description,
            language=choice.tag if choice else None,
            kinds=wanted.kinds,
            limit=min(MOST_MATCHES, max(AMONG, wanted.limit + len(settled))),
            min_confidence=wanted.min_confidence,
        )
        found = suggested(self.matcher(), asked, self.remembering)
        left = [match for match in found.matches if match.code not in settled]
        return text, msgspec.structs.replace(found, matches=tuple(left[: wanted.limit]))
