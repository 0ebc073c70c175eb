"""Conclusions as they are answered: the newest version with its seal, and those before it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from competency_api.core import clock
from competency_api.workshops.models import ConclusionRow, WorkshopRow
from competency_api.workshops.outcome.conclusions.queries import REPORT, Chain, statement_of
from competency_api.workshops.outcome.conclusions.sealing import is_intact


def conclusion_document(chain: Chain, workshop: WorkshopRow) -> dict[str, Any]:
    """The newest version of a text; ``topic`` and ``table`` are null for the plenary's report."""
    newest = chain[-1]
    topic, _, table = newest.subject.rpartition("/")
    befores = ["", *(row.digest for row in chain)]
    sealed = [(statement_of(row, workshop, before), row.digest) for row, before in zip(chain, befores, strict=False)]
    return {
        "workshop": workshop.uuid,
        "subject": newest.subject,
        "topic": topic or None,
        "table": int(table) if topic else None,
        **_version(newest),
        "before": befores[-2],
        "signature": newest.signature or None,
        "is_intact": is_intact(sealed),
        "history": [_version(row) for row in chain[:-1]],
    }


def _version(row: ConclusionRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "text": json.loads(row.text),
        "signed_by": row.signed_by,
        "signer": row.signer_name,
        "signed_at": clock.iso(row.signed_at),
        "digest": row.digest,
    }


def conclusions_document(found: Mapping[str, Chain], workshop: WorkshopRow) -> dict[str, Any]:
    """All of a workshop: those of tables by topic and table, and the plenary's report."""
    tables = [conclusion_document(chain, workshop) for subject, chain in found.items() if subject != REPORT]
    return {
        "workshop": workshop.code,
        "items": sorted(tables, key=lambda said: (said["topic"], said["table"])),
        "report": conclusion_document(found[REPORT], workshop) if REPORT in found else None,
    }
