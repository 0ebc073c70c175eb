"""The words of the rules: a rule, a finding, and a chapter that collects the rules of one subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from competency_api.core.text import printable
from competency_api.taxonomy.concept import Concept
from competency_api.taxonomy.pointers import escaped

Severity = Literal["error", "warning"]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What must hold (error: publication is refused) or should (warning: listed with the version).

    ``slug`` is stable: clients may rely on it. ``standard`` names the qSKOS check or SKOS condition it corresponds to.
    """

    slug: str
    severity: Severity
    title: str
    explanation: str
    remedy: str
    standard: str = ""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One place where a rule does not hold.

    ``code`` is the concept (empty when the finding is about the whole taxonomy), ``others`` the codes of further
    concepts involved, ``path`` a JSON Pointer into the concept's JSON (``""`` is all of it), ``language`` the tag of
    the text in question, if it is about one. To compare the findings of two states, take ``rule``, ``code``,
    ``language`` and ``others``: places in lists move when something is put before them.
    """

    rule: str
    severity: Severity
    message: str
    remedy: str
    code: str = ""
    path: str = ""
    language: str = ""
    others: tuple[str, ...] = ()


class Chapter:
    """The rules of one subject, in the order of the reference page."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.rules: list[Rule] = []

    def error(self, slug: str, title: str, explanation: str, remedy: str, standard: str = "") -> Rule:
        return self._add(slug, "error", title, explanation, remedy, standard)

    def warning(self, slug: str, title: str, explanation: str, remedy: str, standard: str = "") -> Rule:
        return self._add(slug, "warning", title, explanation, remedy, standard)

    def _add(self, slug: str, severity: Severity, title: str, explanation: str, remedy: str, standard: str) -> Rule:
        rule = Rule(
            slug=slug, severity=severity, title=title, explanation=explanation, remedy=remedy, standard=standard
        )
        self.rules.append(rule)
        return rule


def named(concept: Concept) -> str:
    """Code and label, for messages."""
    return f'{printable(concept.code)} "{printable(concept.name)}"'


def found(
    rule: Rule,
    concept: Concept,
    sentence: str,
    path: Sequence[str | int] = (),
    *,
    language: str = "",
    others: Iterable[str] = (),
    remedy: str = "",
) -> Finding:
    """A finding about one concept; ``sentence`` says what is wrong, code, label and place are put before it."""
    pointer = "".join(f"/{escaped(str(token))}" for token in path)
    place = f" at {printable(pointer)}" if pointer else ""
    return Finding(
        rule=rule.slug,
        severity=rule.severity,
        message=f"{named(concept)}{place}: {sentence}",
        remedy=remedy or rule.remedy,
        code=concept.code,
        path=pointer,
        language=language,
        others=tuple(others),
    )


def found_overall(
    rule: Rule, sentence: str, codes: Sequence[str] = (), *, path: str = "", language: str = ""
) -> Finding:
    """One finding about the whole taxonomy, however many concepts it concerns; the first few are named."""
    return Finding(
        rule=rule.slug,
        severity=rule.severity,
        message=sentence,
        remedy=rule.remedy,
        path=path,
        language=language,
        others=tuple(codes[:MOST_NAMED]),
    )


#: How many codes a message names before it only counts.
MOST_NAMED = 5


def listed(codes: Sequence[str], most: int = MOST_NAMED, between: str = ", ") -> str:
    """``C001, C002 and 7 more``."""
    shown = between.join(printable(code) for code in codes[:most])
    return f"{shown} and {len(codes) - most} more" if len(codes) > most else shown
