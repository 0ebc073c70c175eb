"""Records of mappings to rows for the ledger: everything is looked up in memory, a microsecond a row.

What cannot be looked up goes the slow way once, which either learns it or says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from competency_api.core.errors import NotFound
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import fault_of, normalised, printable
from competency_api.courses.bulk.files.columns import CellError, decimal
from competency_api.courses.entry import hundredths
from competency_api.courses.naming import Concepts, Named, NotNamed
from competency_api.courses.pins import Pins
from competency_api.courses.values import LONGEST_EVIDENCE, MOST_HOURS, SPAN, MappingRelation
from competency_api.formats.document import Place, Problems
from competency_api.formats.tabular.cells import unguarded
from competency_api.taxonomy.kinds import KINDS

#: course, concept, relation, level, hours, evidence, evidence_span, version: cells of text, or values of JSON.
Record = tuple[Any, ...]
Row = tuple[Any, ...]
#: A version that a row does not say: that of the stored mapping, else the default.
NOT_TOLD = 0
#: Longer lists are not searched for the nearest name: it takes tens of milliseconds each time.
_SEARCHED = 20_000
_WITH_LEVELS = KINDS["competency"].letter
_RESOLUTIONS = 100
_SEVERAL = object()
#: Evidence in which nothing needs a closer look.
_PLAIN = re.compile("[!-&(-~]([ -~]{0,1998}[!-~])?")

Locate = Callable[[int, str], Place]


class Wrong(ValueError):
    """A value of a record is wrong: in which column, and why."""

    def __init__(self, column: str, message: str, value: object) -> None:
        super().__init__(message)
        self.column = column
        self.message = message
        self.value = value


class _Learned(dict[Any, Any]):
    """Looks up what it does not know yet by a function, once."""

    def __init__(self, learn: Callable[[Any], Any], known: Mapping[Any, Any]) -> None:
        super().__init__(known)
        self._learn = learn

    def __missing__(self, key: Any) -> Any:
        found = self[key] = self._learn(key)
        return found


class MappingRows:
    """Reads records. ``default`` is the id of the version of rows that do not say one.

    ``held`` are the concepts that the provider's stored mappings are of: a row without a version may name one that its
    version has and the default one no longer. Those that did are in ``relied``. Cells of tables are ``guarded``.
    """

    def __init__(
        self,
        course_ids: Mapping[str, int],
        pins: Pins,
        default: int,
        held: Collection[str],
        problems: Problems,
        locate: Locate,
        *,
        guarded: bool,
    ) -> None:
        self.resolved: dict[str, Named] = {}
        self.relied: set[str] = set()
        self._courses, self._pins, self._problems, self._locate = course_ids, pins, problems, locate
        self._held = held
        self._bare: Callable[[str], str] = unguarded if guarded else str
        concepts = pins.concepts(pins.of(default))
        self._versions: dict[Any, tuple[int, Concepts, dict[str, str]]] = {}
        untold = (NOT_TOLD if held else default, concepts, _codes(concepts))
        self._versions[""] = self._versions[None] = untold
        self._relations = {relation.value: relation.value for relation in MappingRelation}
        self._levels: dict[Any, int | None] = {"": None, None: None} | {str(n): n for n in range(1, 5)}
        self._levels |= {n: n for n in range(1, 5)}
        self._hours = _Learned(self._hundredths, {"": None, None: None})

    def of_columns(self, lines: Sequence[int], columns: list[tuple[Any, ...]]) -> list[Row]:
        """The rows of records that were given by columns.

        Looked up column by column, which takes a third of the time; when anything is not found, row by row.
        """
        try:
            return self._at_once(lines, columns)
        except (KeyError, Wrong):
            return self.of_records(zip(lines, zip(*columns, strict=True), strict=True))

    def _at_once(self, lines: Sequence[int], columns: list[tuple[Any, ...]]) -> list[Row]:
        course, concept, relation, level, hours, evidence, span, version = columns
        (said,) = set(version) if len(set(version)) == 1 else (_SEVERAL,)
        version_id, _, known = self._versions[said]
        codes = list(map(known.__getitem__, concept))
        levels = list(map(self._levels.__getitem__, level))
        if any(map(_has_no_levels, codes, levels)) or any(span) or not _are_plain(evidence):
            raise KeyError
        courses = map(self._courses.__getitem__, course)
        relations = map(self._relations.__getitem__, relation)
        numbers = map(self._hours.__getitem__, hours)
        same = repeat(version_id, len(codes))
        return list(zip(lines, courses, codes, relations, same, levels, numbers, evidence, span, strict=True))

    def of_records(self, records: Iterable[tuple[int, Record]]) -> list[Row]:
        """The rows of the records that are right; adds what is wrong with the others."""
        rows = [self._fast(line, record) or self._slow(line, record) for line, record in records]
        return [row for row in rows if row is not None]

    def _fast(self, line: int, record: Record) -> Row | None:
        """The row when everything in it was seen before."""
        course, concept, relation, level, hours, evidence, span, version = record
        try:
            version_id, _, codes = self._versions[version]
            code, level_ = codes[concept], self._levels[level]
            if _has_no_levels(code, level_):
                return None
            why, where = self._evidence(evidence), self._span(span)
            said = (version_id, level_, self._hours[hours], why, where)
            return (line, self._courses[course], code, self._relations[relation], *said)
        except (KeyError, TypeError, Wrong):
            return None

    def _slow(self, line: int, record: Record) -> Row | None:
        if self._problems.is_full:
            # it is counted and no more: what a row like it needs has been said a hundred times
            self._problems.more += 1
            return None
        try:
            return self._row(line, record)
        except Wrong as wrong:
            self._problems.add(self._locate(line, wrong.column), wrong.message, wrong.value)
            return None

    def _row(self, line: int, record: Record) -> Row:
        course, concept, relation, level, hours, evidence, span, version = record
        version_id, concepts, codes = self._version(version)
        course_id = self._course(course)
        code = self._concept(concept, version_id, concepts, codes)
        found = self._looked_up(self._relations, relation, "relation")
        level_ = self._level(level)
        if _has_no_levels(code, level_):
            raise Wrong("level", f"{code} is no competency and has no levels; leave it empty.", level)
        said = (self._hours[hours], self._evidence(evidence), self._span(span))
        return (line, course_id, code, found, version_id, level_, *said)

    def _course(self, given: Any) -> int:
        course = self._cell(given)
        if course not in self._courses:
            few = self._courses if len(self._courses) <= _SEARCHED else ()
            raise Wrong("course", f'There is no course "{printable(course)}".{did_you_mean(course, few)}', course)
        return self._courses[course]

    def _version(self, given: Any) -> tuple[int, Concepts, dict[str, str]]:
        cell = self._cell(given)
        if cell not in self._versions:
            try:
                version = self._pins.resolve(cell)
            except NotFound as error:
                raise Wrong("version", error.message, cell) from None
            concepts = self._pins.concepts(version)
            self._versions[cell] = (version.id, concepts, _codes(concepts))
        found = self._versions[given] = self._versions[cell]
        return found

    def _concept(self, given: Any, version_id: int, concepts: Concepts, codes: dict[str, str]) -> str:
        asked = self._cell(given)
        try:
            named = concepts.find(asked)
        except NotNamed as error:
            if version_id == NOT_TOLD and asked in self._held:
                self.relied.add(asked)
                return asked
            raise Wrong("concept", error.message, asked) from None
        if named.by != "code" and len(self.resolved) < _RESOLUTIONS:
            self.resolved[asked] = named
        codes[given] = named.code
        return named.code

    def _looked_up(self, known: dict[str, str], given: Any, column: str) -> str:
        cell = self._cell(given)
        if cell not in known:
            raise Wrong(column, f'"{printable(cell)}" is not known here.{did_you_mean(cell, known)}', cell)
        return known[cell]

    def _level(self, given: Any) -> int | None:
        cell = self._cell(given) if isinstance(given, str) else given
        if isinstance(cell, bool) or cell not in self._levels:
            raise Wrong("level", f'"{printable(cell)}" is no level; levels are 1, 2, 3 and 4.', cell)
        return self._levels[cell]

    def _hundredths(self, given: Any) -> int:
        try:
            value = decimal(self._cell(given)) if isinstance(given, str) else float(given)
            if not 0 <= value <= MOST_HOURS:
                raise CellError(f"It must be from 0 to {MOST_HOURS} hours.")
        except CellError as error:
            raise Wrong("hours", str(error), given) from None
        return hundredths(value)

    def _evidence(self, given: Any) -> str:
        if not given or _PLAIN.fullmatch(given):
            return given or ""
        text = normalised(self._bare(given), multiline=True)
        fault = fault_of(text, multiline=True)
        if fault or len(text) > LONGEST_EVIDENCE:
            raise Wrong("evidence", fault or f"It has more than {LONGEST_EVIDENCE} characters.", text)
        return text

    def _span(self, given: Any) -> str:
        span = self._cell(given or "")
        if span and not SPAN.fullmatch(span):
            raise Wrong("evidence_span", f'"{printable(span)}" is no place such as description@en:120-158.', span)
        return span

    def _cell(self, given: Any) -> str:
        return self._bare(str(given).strip()) if given is not None else ""


def _codes(concepts: Concepts) -> dict[str, str]:
    """The active concepts by their codes; other names are added when they were looked up."""
    return {concept.code: concept.code for concept in concepts.taxonomy if concept.retirement is None}


def _has_no_levels(code: str, level: int | None) -> bool:
    return level is not None and code[0] != _WITH_LEVELS


def _are_plain(texts: Sequence[str]) -> bool:
    """Whether none of them needs a closer look."""
    together = "".join(texts)
    return (
        together.isascii()
        and (not together or together.isprintable())
        and list(map(str.strip, texts)) == list(texts)
        and max(map(len, texts), default=0) <= LONGEST_EVIDENCE
        and not any(text.startswith("'") for text in texts)
    )
