"""A workshop and its report as pages show them: from what the API answers, in one language."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from competency_api.pages.texts import Said, Texts, said
from competency_api.rooms.outcome import Outcome

Document = Mapping[str, Any]


def about(document: Document, t: Texts) -> dict[str, Any]:
    """What every page of a workshop begins with."""
    begins = dt.datetime.fromisoformat(document["starts_at"]).astimezone(ZoneInfo(document["time_zone"]))
    language = t.language
    return {
        "code": document["code"],
        "title": said(document["title"], language),
        "purpose": said(document["purpose"], language),
        "place": said(document["place"], language),
        "starts_at": document["starts_at"],
        "day": t.date(begins.date()),
        "organiser": (document["organisation"] or {}).get("name", ""),
        "state": document["state"],
        "version": document["version"],
        "agenda": [_agenda(entry, begins.tzinfo, language) for entry in document["agenda"]],
    }


def _agenda(entry: Document, zone: dt.tzinfo | None, language: str) -> dict[str, Any]:
    at = entry.get("at")
    clock = dt.datetime.fromisoformat(at).astimezone(zone).strftime("%H:%M") if at else ""
    return {"at": clock, "title": said(entry["title"], language)}


@dataclass(frozen=True)
class Conclusion:
    """The newest version of what a table or the plenary (``table`` is None) concluded."""

    table: int | None
    said: Said
    name: str
    at: str
    number: int

    @classmethod
    def of(cls, document: Document, language: str) -> Conclusion:
        text, signer = said(document["text"], language), document["signer"]
        return cls(document["table"], text, signer, document["signed_at"], document["number"])


def report(document: Document, t: Texts) -> dict[str, Any]:
    """All that a result and a report show."""
    concluded = document["conclusions"]
    plenary = concluded["report"]
    return {
        "outcomes": [Outcome(result, t) for result in document["topics"]],
        "conclusions": _by_topic(concluded["items"], t.language),
        "plenary": Conclusion.of(plenary, t.language) if plenary else None,
        "tables": [_table(table, t.language) for table in document["tables"]],
    }


def _by_topic(items: Iterable[Document], language: str) -> dict[str, list[Conclusion]]:
    found: dict[str, list[Conclusion]] = defaultdict(list)
    for item in items:
        found[item["topic"]].append(Conclusion.of(item, language))
    return dict(found)


def _table(document: Document, language: str) -> dict[str, Any]:
    challenge = document["challenge"] or {}
    asked = said(challenge.get("question") or challenge.get("texts"), language)
    number = document["number"]
    name = "" if document["name"] == f"Table {number}" else document["name"]  # one that nobody gave it says no more
    return {"number": number, "name": name, "challenge": asked if asked.text else None}
