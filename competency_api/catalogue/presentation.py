"""A version, and the difference between two, as they are answered: plain dictionaries, rows of a table, a feed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import msgspec

from competency_api.core import clock
from competency_api.formats import FORMATS
from competency_api.formats.document import Header
from competency_api.taxonomy.changes import ConceptChange, Difference, Edit
from competency_api.taxonomy.rules import Finding, counted
from competency_api.taxonomy.speaking import Speaker, Spoken
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.taxonomy.wording import Names, cell, named_links
from competency_api.versions.values import LanguageCoverage, VersionInfo

BASE = "/api/v1/versions"
COLUMNS = ("from", "to", "code", "kind", "label", "type", "bump", "meaning", "path", "old", "new", "links")

LICENCE_NAME, LICENCE_ADDRESS = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"
LICENCE = f"{LICENCE_NAME}, {LICENCE_ADDRESS}"
#: Enough of the digest to tell files apart; the whole one is in the header of the file.
_DIGITS = 12
ACKNOWLEDGEMENTS = (
    "The framework originates from the SmartCityTech partnership, which received funding from the European Union's "
    "COSME programme under grant agreement No 783412. It reflects the view of its authors only.",
    "This service uses the ESCO classification of the European Commission.",
)

#: How anyone checks a version's digest without trusting the service.
RECOMPUTE = {
    "algorithm": "SHA-256, lower-case hexadecimal",
    "concept": "of the concept's canonical JSON: members sorted by name, UTF-8, no space between tokens, nothing "
    "escaped but what JSON demands, members with default values left out",
    "version": "of one line `code digest` and a line feed for each concept, sorted by code",
    "from": "each line of the NDJSON export after the first is the canonical JSON of one concept",
}


def version_summary(version: VersionInfo) -> dict[str, Any]:
    """A version in the list."""
    number = str(version.number)
    return {
        "number": number,
        "title": version.title,
        "publisher": version.publisher,
        "published_at": clock.iso(version.published_at),
        "valid_from": version.valid_from.isoformat(),
        "digest": version.digest,
        "seal": version.seal,
        "parent": str(version.parent) if version.parent else None,
        "bump": version.bump,
        "concepts": {
            "total": version.summary.concepts,
            "active": version.summary.active,
            "retired": version.summary.concepts - version.summary.active,
        },
        "signed_with": version.signature.key_id if version.signature else None,
        "withdrawn": withdrawal_document(version),
        "links": _links(version, number),
    }


def withdrawal_document(version: VersionInfo) -> dict[str, Any] | None:
    """That a version should no longer be used; None while it may be."""
    if version.withdrawal is None:
        return None
    withdrawal = version.withdrawal
    use = str(withdrawal.use) if withdrawal.use else None
    return {"at": clock.iso(withdrawal.at), "reason": withdrawal.reason, "use": use}


def withdrawal_fields(version: VersionInfo) -> Iterator[tuple[str, str]]:
    """The same as header fields (RFC 9745, RFC 5829) of everything that is answered about the version."""
    if version.withdrawal is None:
        return
    yield "Deprecation", f"@{int(version.withdrawal.at.timestamp())}"
    if version.withdrawal.use:
        yield "Link", f'<{BASE}/{version.withdrawal.use}>; rel="successor-version"'


def version_document(version: VersionInfo) -> dict[str, Any]:
    """A version by itself: everything about it except its concepts."""
    summary = version.summary
    return {
        **version_summary(version),
        "version": str(version.number),
        "notes": version.notes,
        "kinds": summary.kinds,
        "languages": {tag: completeness(found, summary.active) for tag, found in summary.languages.items()},
        "changes": summary.changes,
        **numbering(version),
        "signature": version.signature.token if version.signature else None,
        "recompute": RECOMPUTE,
    }


def numbering(version: VersionInfo) -> dict[str, Any]:
    """Why the version has its number: the changes that force it, at most the first fifty of ``reasons_total``."""
    summary = version.summary
    return {
        "why": why(version),
        "reasons": [msgspec.to_builtins(reason) for reason in summary.reasons],
        "reasons_total": summary.reasons_total,
    }


def why(version: VersionInfo) -> str:
    """The same in one sentence."""
    if version.parent is None or version.bump is None:
        return "It is the first version."
    smallest, total = version.parent.after(version.bump), version.summary.reasons_total
    changes = "One change" if total == 1 else f"{total} changes"
    verb = "demands" if total == 1 else "demand"
    step = f"{changes} since {version.parent} {verb} a {version.bump} step"
    sentence = f"{step}: {smallest} is the smallest permitted number."
    return sentence if version.number == smallest else f"{sentence} The publisher chose {version.number}."


def _links(version: VersionInfo, number: str) -> dict[str, str]:
    own = f"{BASE}/{number}"
    links = {name: f"{own}/{name}" for name in ("concepts", "tree", "quality")} | {"self": own}
    links |= {f"export_{name}": f"{own}/export/{name}" for name in FORMATS}
    return links | ({"changes": f"{BASE}/{version.parent}/changes/{number}"} if version.parent else {})


def completeness(found: LanguageCoverage, active: int) -> dict[str, Any]:
    """Counts with their denominator: a share of all active concepts."""
    return {
        name: {"count": count, "of": active, "percent": round(100 * count / active, 1) if active else 0.0}
        for name, count in (msgspec.to_builtins(found)).items()
    }


def file_name(version: VersionInfo, suffix: str) -> str:
    """What a file of the whole version is called, with the beginning of the version's digest."""
    return f"smart-city-competencies-{version.number}-{version.digest[:_DIGITS]}{suffix}"


def file_header(version: VersionInfo) -> Header:
    """What a file says of the version that it holds."""
    return Header(
        number=str(version.number),
        title=version.title,
        notes=version.notes,
        publisher=version.publisher,
        published_at=clock.iso(version.published_at),
        valid_from=version.valid_from.isoformat(),
        digest=version.digest,
        seal=version.seal,
        signature=version.signature.token if version.signature else "",
        licence=LICENCE,
        notices=ACKNOWLEDGEMENTS,
    )


# -- differences -------------------------------------------------------------------------------------------------------


def change_entry(entry: ConceptChange, old: Taxonomy, new: Taxonomy, speaker: Speaker) -> dict[str, Any]:
    """Everything that happened to one concept; its label is that of the newer state that has it."""
    concept = new.get(entry.code) or old[entry.code]
    return {
        "code": entry.code,
        "kind": entry.kind,
        "label": speaker.label(concept.labels, concept.translations),
        "bump": entry.bump,
        "changes": [
            {**msgspec.to_builtins(change), "edits": [_edit(edit, old, new, speaker) for edit in change.edits]}
            for change in entry.changes
        ],
    }


def _edit(edit: Edit, old: Taxonomy, new: Taxonomy, speaker: Speaker) -> dict[str, Any]:
    """As it is, so that it can be applied; the labels of linked concepts are beside it."""
    shown: dict[str, Any] = msgspec.to_builtins(edit)
    labels = link_labels(edit.links, old, new, speaker)
    return {**shown, "labels": labels} if labels else shown


def link_labels(codes: Iterable[str], old: Taxonomy, new: Taxonomy, speaker: Speaker) -> dict[str, Spoken]:
    """The labels of concepts by code, as the newer state has them, of those that one of both has."""
    concepts = {code: concept for code in codes if (concept := new.get(code) or old.get(code))}
    return {code: speaker.label(concept.labels, concept.translations) for code, concept in concepts.items()}


def difference_head(old: VersionInfo, new: VersionInfo, found: Difference) -> dict[str, Any]:
    """What is said of a whole difference; why the number is what it is, where one version follows the other."""
    follows = new.parent == old.number
    return {
        "from": str(old.number),
        "to": str(new.number),
        "bump": found.bump,
        "counts": found.counts(),
        "concepts": len(found.entries),
        "numbering": numbering(new) if follows else None,
        "probably_same": [msgspec.to_builtins(pair) for pair in found.probably_same],
    }


def chosen_entries(
    found: Difference, types: Sequence[str] = (), codes: Sequence[str] = (), kinds: Sequence[str] = ()
) -> list[ConceptChange]:
    """The entries in which one of the types happened, of these codes and kinds; an empty filter keeps all."""
    return [
        entry
        for entry in found.entries
        if (not types or not entry.types.isdisjoint(types))
        and (not codes or entry.code in codes)
        and (not kinds or entry.kind in kinds)
    ]


def change_rows(old: str, new: str, entries: Iterable[ConceptChange], names: Names) -> Iterator[tuple[str, ...]]:
    """One row per place that changed, in the order of :data:`COLUMNS`; ``names`` are those of linked concepts."""
    for entry in entries:
        for change in entry.changes:
            meaning = "true" if change.meaning else "false"
            head = (old, new, entry.code, entry.kind, entry.label, change.type, change.bump, meaning)
            for edit in change.edits:
                yield (*head, edit.path, cell(edit.old), cell(edit.new), named_links(edit, names))


def changes_table(old: str, new: str, entries: Iterable[ConceptChange], names: Names) -> Iterator[tuple[str, ...]]:
    """The difference as a table, with its row of names."""
    yield COLUMNS
    yield from change_rows(old, new, entries, names)


# -- quality -----------------------------------------------------------------------------------------------------------


def quality_head(number: str, findings: Sequence[Finding]) -> dict[str, Any]:
    errors = sum(finding.severity == "error" for finding in findings)
    return {
        "version": number,
        "errors": errors,
        "warnings": len(findings) - errors,
        "rules": [msgspec.to_builtins(count) for count in counted(findings)],
    }


# -- the feed ----------------------------------------------------------------------------------------------------------


def atom(versions: Sequence[VersionInfo], base_url: str) -> str:
    """The versions, newest first, as an Atom feed (RFC 4287)."""
    updated = max((_touched(version) for version in versions), default=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    own = f"{base_url}{BASE}"
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>{escape(own)}</id>",
        "<title>Smart City Competency Framework: versions</title>",
        f"<updated>{clock.iso(updated)}</updated>",
        f"<rights>{escape(' '.join((f'{LICENCE}.', *ACKNOWLEDGEMENTS)))}</rights>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(own + ".atom")}/>',
        f'<link rel="alternate" type="application/json" href={quoteattr(own)}/>',
        *(line for version in versions for line in _atom_entry(version, own)),
        "</feed>",
    ]
    return "\n".join(lines) + "\n"


_MARK = " (withdrawn)"


def _touched(version: VersionInfo) -> dt.datetime:
    """When something was last said of the version."""
    return version.withdrawal.at if version.withdrawal else version.published_at


def _atom_entry(version: VersionInfo, base: str) -> Iterator[str]:
    address = f"{base}/{version.number}"
    moment = clock.iso(version.published_at)
    yield "<entry>"
    yield f"<id>{escape(address)}</id>"
    mark = _MARK if version.withdrawal else ""
    yield f"<title>{escape(f'{version.number} {version.title}{mark}'.strip())}</title>"
    yield f"<published>{moment}</published><updated>{clock.iso(_touched(version))}</updated>"
    yield f"<author><name>{escape(version.publisher or 'Smart City Competency Framework')}</name></author>"
    yield f'<link rel="alternate" type="application/json" href={quoteattr(address)}/>'
    if version.parent:
        page = f"{base}/{version.parent}/changes/{version.number}.html"
        yield f'<link rel="related" type="text/html" title="What changed" href={quoteattr(page)}/>'
    withdrawn = f"Withdrawn: {version.withdrawal.reason} " if version.withdrawal else ""
    yield f"<summary>{escape(withdrawn + why(version))}</summary>"
    yield f'<content type="text">{escape(version.notes)}</content>'
    yield "</entry>"
