"""Release notes that follow from what changed, in Markdown.

What touches whoever uses the taxonomy comes first and by name; what is only wording or upkeep is counted and named by
code. A curator may write other notes: these are where to begin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from competency_api.taxonomy.changes import Change, ChangeType, ConceptChange, Difference

#: Concepts that a section names; the rest is counted.
MOST_NAMED = 40


class Account(msgspec.Struct, frozen=True):
    """Why something was changed, as the people who proposed it said. ``by`` names their organisation."""

    title: str
    rationale: str = ""
    by: str = ""


#: Sections with a line for each concept, in this order.
_BY_NAME = {
    ChangeType.ADDED: "Added",
    ChangeType.REMOVED: "Removed",
    ChangeType.REIDENTIFIED: "Given another identity",
    ChangeType.RETIRED: "Retired",
    ChangeType.MERGED: "Merged",
    ChangeType.SPLIT: "Split",
    ChangeType.REPLACED: "Replaced",
    ChangeType.RESTORED: "Restored",
    ChangeType.RENAMED: "Renamed",
}
_MEANING = "Changed in meaning"
#: Sections that only list codes.
_BY_CODE = {
    ChangeType.REDEFINED: "Definitions reworded",
    ChangeType.LEVELLED: "Level descriptors",
    ChangeType.MOVED: "Moved",
    ChangeType.RELABELLED: "Alternative labels",
    ChangeType.TRANSLATED: "Translations",
    ChangeType.LINKED: "Links",
    ChangeType.ALIGNED: "Alignments",
    ChangeType.REATTRIBUTED: "Attributes",
    ChangeType.DOCUMENTED: "Notes and sources",
}
_MARKS = re.compile(r"([\\`*_\[\]<>#])")


def notes_on(changes: Difference, accounts: Sequence[Account] = ()) -> str:
    """Notes on a difference; ``accounts`` are the proposals it comes from, in their order. Empty without any change."""
    sections = [_accounts(accounts)] if accounts else []
    sections += [_named(title, changes, kind) for kind, title in _BY_NAME.items()]
    sections.append(_section(_MEANING, [_name(entry) for entry in changes.entries if _has_new_meaning(entry)]))
    sections += [_counted(title, changes, kind) for kind, title in _BY_CODE.items()]
    return "\n\n".join(section for section in sections if section)


def _accounts(accounts: Sequence[Account]) -> str:
    return _section("Why", [_account(account) for account in accounts])


def _account(account: Account) -> str:
    rationale = " ".join(account.rationale.split())
    by = f" ({_plain(account.by)})" if account.by else ""
    return f"{_plain(account.title)}{by}{f': {_plain(rationale)}' if rationale else ''}"


def _named(title: str, changes: Difference, kind: ChangeType) -> str:
    lines = [
        _line(entry, change) for entry in changes.entries for change in entry.changes if change.type is kind
    ]  # one change of a type for each concept
    return _section(title, lines)


def _section(title: str, lines: Sequence[str]) -> str:
    """A heading with a list below it; nothing without lines."""
    shown = [f"- {line}" for line in lines[:MOST_NAMED]]
    more = [f"- and {len(lines) - MOST_NAMED} more"] if len(lines) > MOST_NAMED else []
    return "\n".join([f"**{title}**", "", *shown, *more]) if lines else ""


def _line(entry: ConceptChange, change: Change) -> str:
    if change.type is ChangeType.RENAMED:
        names = [(edit.old, edit.new) for edit in change.edits if edit.path == "/labels/en/preferred"]
        if names:
            old, new = names[0]
            return f"{entry.code} {_plain(str(new))}, before: {_plain(str(old))}"
    return _name(entry) + "".join(_retirement(change))


def _retirement(change: Change) -> Iterator[str]:
    """Why it ended, and what stands in for it."""
    for edit in change.edits:
        if edit.path == "/retirement" and isinstance(edit.new, dict):
            if reason := edit.new.get("reason"):
                yield f": {_plain(' '.join(str(reason).split())).rstrip('.')}"
            if codes := [successor["code"] for successor in edit.new.get("successors", ())]:
                yield f"; use {', '.join(codes)}"


def _has_new_meaning(entry: ConceptChange) -> bool:
    return any(change.meaning for change in entry.changes)


def _counted(title: str, changes: Difference, kind: ChangeType) -> str:
    """One line with the codes of the concepts to which only the wording, or nothing that counts, happened."""
    codes = [
        entry.code
        for entry in changes.entries
        if any(change.type is kind and not change.meaning for change in entry.changes)
    ]
    if not codes:
        return ""
    shown, more = codes[:MOST_NAMED], len(codes) - MOST_NAMED
    return f"**{title}**: {', '.join(shown)}{f' and {more} more' if more > 0 else ''}"


def _name(entry: ConceptChange) -> str:
    return f"{entry.code} {_plain(entry.label)}"


def _plain(text: str) -> str:
    """The text as Markdown that shows it as it is."""
    return _MARKS.sub(r"\\\1", text)
