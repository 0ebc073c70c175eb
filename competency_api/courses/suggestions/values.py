"""Words and values of suggestions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from competency_api.courses.values import MappingRelation
from competency_api.matching.values import DEFAULT_KINDS


class Verdict(StrEnum):
    """What a provider says about a suggestion. ``reopen`` takes back what it said before; a mapping stays."""

    ACCEPT = "accept"
    REJECT = "reject"
    REOPEN = "reopen"


class Standing(StrEnum):
    """Where a suggestion stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


STANDING_AFTER = {Verdict.ACCEPT: Standing.ACCEPTED, Verdict.REJECT: Standing.REJECTED, Verdict.REOPEN: Standing.OPEN}


class Wanted(msgspec.Struct, frozen=True):
    """What is asked for: kinds of concepts, how many of them, how sure, and the language of texts that is preferred."""

    kinds: tuple[str, ...]
    limit: int
    min_confidence: float
    language: str | None = None

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> Wanted:
        return cls(
            tuple(query.get("kinds", DEFAULT_KINDS)), query["limit"], query["min_confidence"], query.get("language")
        )


class Offer(msgspec.Struct, frozen=True):
    """What accepting a suggestion writes. ``language`` and ``digest`` are those of the text; hours are hundredths."""

    language: str
    digest: str
    confidence: float
    relation: MappingRelation
    level: int | None
    evidence: str
    span: str
    hours: int | None = None


class Decided(msgspec.Struct, frozen=True):
    """What was said about a concept that was suggested for a course. Only to reopen it, no offer is needed."""

    course_id: int
    external_id: str
    concept: str
    verdict: Verdict
    offer: Offer | None

    @property
    def key(self) -> tuple[int, str]:
        return self.course_id, self.concept


class Outcome(msgspec.Struct, frozen=True):
    """What deciding did; ``mappings`` counts those that were written."""

    accepted: int = 0
    rejected: int = 0
    reopened: int = 0
    unchanged: int = 0
    mappings: int = 0
