"""Coverage of the courses in question, from the sums that are kept of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import orm

from competency_api.core import clock
from competency_api.core.errors import FieldError, InvalidInput
from competency_api.core.text import printable
from competency_api.courses.coverage.comparison import Comparison, compared
from competency_api.courses.coverage.counting import Conversion, Sums, counted
from competency_api.courses.coverage.report import Report, covered
from competency_api.courses.pins import Pins
from competency_api.courses.queries import Provider
from competency_api.courses.reports import queries
from competency_api.courses.reports.asking import Against, against_in
from competency_api.courses.reports.memory import ReportMemory
from competency_api.versions.values import VersionInfo


@dataclass(frozen=True)
class Question:
    """Whose courses, against what, at which version, on which day (``2026-11-23``).

    Without a provider it is about everything public; ``courses`` are ids by the provider's own, None for all of them.
    """

    version: VersionInfo
    against: Against
    today: str
    provider: Provider | None = None
    courses: tuple[tuple[str, int], ...] | None = None

    @property
    def course_ids(self) -> list[int] | None:
        return None if self.courses is None else [key for _, key in self.courses]

    def at(self, version: VersionInfo) -> Question:
        return replace(self, version=version)


class Measurer:
    """Answers questions with one session."""

    def __init__(self, session: orm.Session, pins: Pins, memory: ReportMemory) -> None:
        self.session, self.pins, self._memory = session, pins, memory

    def question(self, query: Mapping[str, Any], provider: Provider | None) -> Question:
        """What a query asks, today. Raises NotFound and InvalidInput."""
        return Question(
            version=self.pins.resolve(query["version"]),
            against=against_in(query),
            today=clock.today().isoformat(),
            provider=provider,
            courses=self._courses(provider, query["courses"]) if provider and "courses" in query else None,
        )

    def _courses(self, provider: Provider, asked: Collection[str]) -> tuple[tuple[str, int], ...]:
        found = queries.find_course_ids(self.session, provider.id, asked)
        if errors := [
            FieldError(f'This provider has no course "{printable(name)}".', parameter="courses")
            for name in asked
            if name not in found
        ]:
            raise InvalidInput(errors)
        return tuple(sorted(found.items()))

    def state(self, question: Question) -> tuple[object, ...]:
        """The same as long as the answer is."""
        if question.provider is None:
            mappings = queries.state_of_everybody(self.session)
        else:
            mappings = (question.provider.id, *queries.state_of_provider(self.session, question.provider.id))
        return (mappings, question.courses, question.version.digest, question.against, question.today)

    def report(self, question: Question) -> Report:
        """Raises InvalidInput for what the version does not have."""
        return self._report(question, self._sums(question))

    def comparison(self, question: Question, older: VersionInfo) -> Comparison:
        """What the question's version says otherwise than an older one, or a newer."""
        sums = self._sums(question)
        before, after = self._report(question.at(older), sums), self._report(question, sums)
        old, new = (self.pins.taxonomy(version.id) for version in (older, question.version))
        return compared(before, after, self._memory.outcomes(old, new))

    def _report(self, question: Question, sums: Sums) -> Report:
        taxonomy = self.pins.taxonomy(question.version.id)
        targets = question.against.targets(taxonomy)
        return covered(taxonomy, targets, counted(sums, self.conversions(question)))

    def conversions(self, question: Question) -> Callable[[int], Conversion]:
        """For the id of a version, the way of its mappings to the question's."""
        known: dict[int, Conversion] = {}
        target = self.pins.taxonomy(question.version.id)

        def conversion_from(version_id: int) -> Conversion:
            if version_id not in known:
                outcomes = self._memory.outcomes(self.pins.taxonomy(version_id), target)
                known[version_id] = Conversion(outcomes, question.today)
            return known[version_id]

        return conversion_from

    def _sums(self, question: Question) -> Sums:
        if question.provider is None:
            return queries.sums_of_everybody(self.session)
        if question.courses is None:
            return queries.sums_of_provider(self.session, question.provider.id)
        return queries.sums_of_courses(self.session, question.provider.id, question.course_ids or [])
