"""In which workshops a concept was ranked: what its page says."""

from __future__ import annotations

from typing import Any

from sqlalchemy import orm

from competency_api.pages.texts import said
from competency_api.workshops.outcome.standings import list_standings, standing_document

#: So many are shown of a concept, the newest.
MOST = 20


def workshops_of(session: orm.Session, code: str, language: str) -> list[dict[str, Any]]:
    """Reported workshops with the concept's place in them, their words in the language, in English or in their own."""
    documents = [standing_document(row) for row in list_standings(session, code, None, MOST)[:MOST]]
    return [
        {
            "code": document["workshop"],
            "title": said(document["title"], language),
            "question": said(document["question"], language),
            "place": document["place"],
            "of": document["of"],
        }
        for document in documents
    ]
