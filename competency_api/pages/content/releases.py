"""Versions: what one is, how complete its languages are, how good it is, and what may be downloaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from competency_api.pages.prose.speech import Voice
from competency_api.pages.texts import Texts
from competency_api.taxonomy.changes import ChangeType
from competency_api.taxonomy.kinds import KINDS
from competency_api.taxonomy.rules import Finding, counted
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions.values import VersionInfo

#: Findings that a page lists; all of them are in the data.
MOST_FINDINGS = 100


def rows(versions: Sequence[VersionInfo], texts: Texts) -> list[dict[str, Any]]:
    """Newest first, each with what it changed in words."""
    return [
        {"info": version, "number": str(version.number), "changes": changes_of(version, texts)}
        for version in reversed(versions)
    ]


def changes_of(version: VersionInfo, texts: Texts) -> list[tuple[str, str, int]]:
    """How many concepts each type of change met, against the version before: type, in words, number."""
    counts = version.summary.changes
    return [
        (kind.value, texts.word("change", kind.value), counts[kind.value])
        for kind in ChangeType
        if kind.value in counts
    ]


def why(version: VersionInfo, texts: Texts) -> str:
    """Why the version has its number."""
    if version.parent is None or version.bump is None:
        return texts("version.first")
    smallest = version.parent.after(version.bump)
    total, bump = version.summary.reasons_total, texts.word("bump", version.bump.value)
    said = texts.count("version.why", total, parent=version.parent, bump=bump, smallest=smallest)
    return said if version.number == smallest else f"{said} {texts('version.chosen', number=version.number)}"


def languages(version: VersionInfo, texts: Texts) -> list[dict[str, Any]]:
    """How many of the active concepts have a label, a definition and a review, by language."""
    active = version.summary.active
    return [
        {
            "tag": tag,
            "name": texts.word("language", tag),
            "shares": [
                (count, round(100 * count / active) if active else 0)
                for count in (found.labels, found.definitions, found.reviewed)
            ],
        }
        for tag, found in version.summary.languages.items()
    ]


def kinds(version: VersionInfo) -> list[tuple[str, int]]:
    """Active concepts by kind, in the order of the table of kinds."""
    return [(name, version.summary.kinds[name]) for name in KINDS if version.summary.kinds.get(name)]


def quality(findings: tuple[Finding, ...], taxonomy: Taxonomy, voice: Voice) -> dict[str, Any]:
    """The report that was published with a version: counts by rule, and the first findings."""

    def shown(finding: Finding) -> dict[str, Any]:
        concept = taxonomy.get(finding.code)
        label = voice.label(concept.labels, concept.translations) if concept else None
        return {"finding": finding, "code": finding.code if concept else "", "label": label}

    return {
        "rules": list(counted(findings)),
        "total": len(findings),
        "errors": sum(finding.severity == "error" for finding in findings),
        "findings": [shown(finding) for finding in findings[:MOST_FINDINGS]],
        "rest": max(0, len(findings) - MOST_FINDINGS),
    }


def pairs(versions: Iterable[VersionInfo]) -> list[tuple[str, str]]:
    """Each version that followed another, with that one: the differences that people look for."""
    return [(str(version.parent), str(version.number)) for version in versions if version.parent]
