"""What must hold in a taxonomy, and what should.

:func:`check` looks at one state, :func:`check_succession` at a state and the version before it. A draft may break every
rule and is still checked to the end; publication refuses errors and lists warnings. Each module of this package is a
chapter: its rules, and the function that finds where they do not hold. ``docs/reference/quality-rules.md`` is the
generated list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain
from types import MappingProxyType

import msgspec

from competency_api.taxonomy.rules import (
    attributes,
    identity,
    labels,
    languages,
    references,
    relations,
    retirement,
    structure,
    succession,
    texts,
)
from competency_api.taxonomy.rules.finding import Chapter, Finding, Rule, Severity
from competency_api.taxonomy.taxonomy import Taxonomy

__all__ = ["CHAPTERS", "RULES", "Finding", "Rule", "RuleCount", "Severity", "check", "check_succession", "counted"]

CHAPTERS: tuple[Chapter, ...] = tuple(
    module.CHAPTER
    for module in (
        identity,
        texts,
        languages,
        labels,
        relations,
        structure,
        references,
        attributes,
        retirement,
        succession,
    )
)

#: Every rule by its slug, in the order of the reference page.
RULES: Mapping[str, Rule] = MappingProxyType({rule.slug: rule for chapter in CHAPTERS for rule in chapter.rules})


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first, then by concept and place."""
    return tuple(sorted(findings, key=lambda f: (f.severity, f.code, f.path, f.rule, f.language, f.others, f.message)))


def check(taxonomy: Taxonomy, public_base_url: str = "") -> tuple[Finding, ...]:
    """Every place where a rule does not hold, errors first, always in the same order. Never raises.

    With ``public_base_url`` alignments that point at this taxonomy's own concepts are found too.
    """
    of_state = (identity, texts, languages, labels, relations, structure, attributes, retirement)
    found = chain.from_iterable(chapter.check(taxonomy) for chapter in of_state)
    return _sorted(chain(found, references.check(taxonomy, public_base_url)))


def check_succession(parent: Taxonomy | None, taxonomy: Taxonomy) -> tuple[Finding, ...]:
    """What a state breaks of what the version before it promised; nothing when there is none before."""
    return () if parent is None else _sorted(succession.check(parent, taxonomy))


class RuleCount(msgspec.Struct, frozen=True, kw_only=True):
    """How often a rule does not hold, with the first few concepts: for readers who need the picture, not each place."""

    rule: str
    severity: Severity
    title: str
    remedy: str
    count: int
    codes: tuple[str, ...]


def counted(findings: Iterable[Finding], examples: int = 5) -> tuple[RuleCount, ...]:
    """The findings by rule, in the order of :data:`RULES`."""
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_rule[finding.rule].append(finding)
    return tuple(
        RuleCount(
            rule=rule.slug,
            severity=rule.severity,
            title=rule.title,
            remedy=rule.remedy,
            count=len(by_rule[rule.slug]),
            codes=tuple(dict.fromkeys(f.code for f in by_rule[rule.slug] if f.code))[:examples],
        )
        for rule in RULES.values()
        if rule.slug in by_rule
    )
