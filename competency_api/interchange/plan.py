"""What an import would do to the draft, computed without writing anything.

A file adds concepts and replaces the content of those it names; what it does not name stays as it is, and nothing is
ever deleted. The draft itself may be unfinished, but a file may not make it worse: an error of the rules that was not
there before refuses the whole import, with the line of the concept.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import msgspec

from competency_api.formats.document import MOST_PROBLEMS, Document, Entry, Place, Problem, Problems
from competency_api.formats.reading.concepts import completed
from competency_api.taxonomy.changes import ChangeType, ConceptChange, Difference
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.diff import difference
from competency_api.taxonomy.rules import Finding, check, check_succession
from competency_api.taxonomy.taxonomy import Taxonomy

_RETIRING = frozenset({ChangeType.RETIRED, ChangeType.MERGED, ChangeType.SPLIT, ChangeType.REPLACED})
# Lists whose order carries no meaning are sorted when read: a place inside them is no longer that of the file.
_SORTED_LISTS = re.compile("(/relations/[^/]*|/alignments|/former_codes|/labels/[^/]*/(?:alternative|hidden))/.*")


class ImportPlan(msgspec.Struct, frozen=True, dict=True, kw_only=True):
    """The difference that an import makes to the draft. With ``problems`` it is refused and the difference is empty.

    ``concepts`` are those to write, complete. ``warnings`` are findings about them that stand in no one's way.
    """

    difference: Difference = Difference(())
    concepts: tuple[Concept, ...] = ()
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()
    more_problems: int = 0
    warnings: tuple[Problem, ...] = ()
    more_warnings: int = 0

    @property
    def is_refused(self) -> bool:
        return bool(self.problems)

    @cached_property
    def added(self) -> tuple[ConceptChange, ...]:
        return tuple(entry for entry in self.difference.entries if ChangeType.ADDED in entry.types)

    @cached_property
    def retired(self) -> tuple[ConceptChange, ...]:
        return tuple(entry for entry in self.difference.entries if entry.types & _RETIRING)

    @cached_property
    def changed(self) -> tuple[ConceptChange, ...]:
        """Those that are neither added nor retired."""
        apart = {entry.code for entry in (*self.added, *self.retired)}
        return tuple(entry for entry in self.difference.entries if entry.code not in apart)

    def as_json(self) -> dict[str, Any]:
        """For programs: everything but the contents of added concepts, which the file holds."""
        entries = ((e.code, e.kind, e.label) for e in self.added)
        return {
            "refused": self.is_refused,
            "added": [{"code": code, "kind": kind, "label": label} for code, kind, label in entries],
            "changed": msgspec.to_builtins(self.changed),
            "retired": msgspec.to_builtins(self.retired),
            "unchanged": self.unchanged,
            "problems": msgspec.to_builtins(self.problems),
            "more_problems": self.more_problems,
            "warnings": msgspec.to_builtins(self.warnings),
            "more_warnings": self.more_warnings,
        }


def random_uuid() -> str:
    return str(uuid.uuid4())


def plan_import(
    draft: Taxonomy,
    documents: Sequence[Document],
    parent: Taxonomy | None = None,
    new_uuid: Callable[[], str] = random_uuid,
) -> ImportPlan:
    """What importing the documents together would do. ``parent`` is the newest version, whose promises must hold."""
    problems = Problems()
    for document in documents:
        problems.extend(document.problems, document.more_problems)
    entries = _entries_by_code(documents, problems)
    if not entries and not len(problems):
        problems.add(Place(documents[0].source if documents else "import"), "There is no concept in it.")
    if len(problems):
        return ImportPlan(problems=tuple(problems.found), more_problems=problems.more)
    return _Planning(draft, entries, parent, new_uuid).plan()


def _entries_by_code(documents: Iterable[Document], problems: Problems) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for entry in (entry for document in documents for entry in document.entries):
        first = entries.setdefault(entry.code, entry)
        if first is not entry:
            problems.add(entry.locate("/code"), f"{entry.code} stands twice, first at {first.place}.", entry.code)
    return entries


class _Planning:
    """One import of readable files: the state it leads to, and what the rules say of that."""

    def __init__(
        self, draft: Taxonomy, entries: dict[str, Entry], parent: Taxonomy | None, new_uuid: Callable[[], str]
    ) -> None:
        self._draft = draft
        self._entries = entries
        self._parent = parent
        stated = {code: _concept(entry, draft.get(code), new_uuid) for code, entry in entries.items()}
        self._result = Taxonomy({**draft.concepts, **stated}.values())
        self._written = tuple(stated[c] for c in sorted(stated) if stated[c] != draft.get(c))

    def plan(self) -> ImportPlan:
        if not self._written:
            return ImportPlan(unchanged=len(self._entries))
        findings = self._findings(self._result)
        problems = self._placed([*self._identity_changes(), *self._new_errors(findings)])
        if len(problems):
            return ImportPlan(problems=tuple(problems.found), more_problems=problems.more)
        touched = {"", *(concept.code for concept in self._written)}
        warnings = self._placed(f for f in findings if f.severity == "warning" and f.code in touched)
        return ImportPlan(
            difference=difference(self._draft, self._result),
            concepts=self._written,
            unchanged=len(self._entries) - len(self._written),
            warnings=tuple(warnings.found),
            more_warnings=warnings.more,
        )

    def _findings(self, state: Taxonomy) -> tuple[Finding, ...]:
        return (*check(state), *check_succession(self._parent, state))

    def _identity_changes(self) -> Iterator[Finding]:
        """UUIDs are for ever even where nothing is published yet: others may have read the draft."""
        identity = {"uuid-changed", "uuid-reused", "kind-changed"}
        known = set() if self._parent is None else {_key(f) for f in check_succession(self._parent, self._result)}
        for finding in check_succession(self._draft, self._result):
            if finding.rule in identity and _key(finding) not in known:
                yield finding

    def _new_errors(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Errors beyond those that the draft had before."""
        errors = [finding for finding in findings if finding.severity == "error"]
        before = Counter(map(_key, self._findings(self._draft))) if errors else Counter()
        for finding in errors:
            if before[_key(finding)] > 0:
                before[_key(finding)] -= 1
            else:
                yield finding

    def _placed(self, findings: Iterable[Finding]) -> Problems:
        """The findings as problems in the order of the file; only those that are told are looked up in it."""
        order = {code: number for number, code in enumerate(self._entries)}
        by_entry = sorted(findings, key=lambda finding: order.get(self._near(finding), -1))
        told = [(self._place(finding), finding) for finding in by_entry[:MOST_PROBLEMS]]
        told.sort(key=lambda item: (item[0].source, item[0].line, item[0].column))
        problems = Problems()
        for place, finding in told:
            problems.add(place, f"{finding.message} {finding.remedy}".rstrip())
        problems.more = max(0, len(by_entry) - MOST_PROBLEMS)
        return problems

    def _near(self, finding: Finding) -> str:
        """The concept in the files that a finding is shown at; empty where it concerns them all."""
        if not finding.code or finding.code in self._entries:
            return finding.code
        return next((code for code in finding.others if code in self._entries), "")

    def _place(self, finding: Finding) -> Place:
        near = self._near(finding)
        if not near:
            return Place("")
        path = _SORTED_LISTS.sub(r"\1", finding.path) if near == finding.code else ""
        return self._entries[near].locate(path)


def _concept(entry: Entry, known: Concept | None, new_uuid: Callable[[], str]) -> Concept:
    needs_uuid = known is None and "uuid" in entry.open
    return completed(entry, known, new_uuid() if needs_uuid else "")


def _key(finding: Finding) -> tuple[str, str, str, tuple[str, ...]]:
    """What stays the same when only places move."""
    return (finding.rule, finding.code, finding.language, finding.others)
