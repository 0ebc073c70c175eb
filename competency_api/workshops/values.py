"""Words and values of workshops: states and what leads from one to another, groups, codes to join by, and bounds."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where a workshop stands. What was closed is never opened again: whoever was in the room is forgotten by then."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    REPORTED = "reported"


class TopicState(StrEnum):
    """Where a topic stands: ballots are taken while it is open."""

    WAITING = "waiting"
    OPEN = "open"
    CLOSED = "closed"


class NeedState(StrEnum):
    """What became of a need that a participant typed."""

    WAITING = "waiting"
    MERGED = "merged"
    RELEASED = "released"
    DECLINED = "declined"


class Group(StrEnum):
    """What participants may say of themselves: results are also shown by it."""

    CITY = "city"
    COMPANY = "company"
    UNIVERSITY = "university"
    CLUSTER = "cluster"
    OTHER = "other"


class Verb(StrEnum):
    """What is done to a workshop or a topic, as its address says it."""

    OPENING = "opening"
    CLOSING = "closing"
    REPORTING = "reporting"


@dataclass(frozen=True)
class Transition:
    """From which states a verb leads to which; ``event`` is the past participle of the event that tells of it."""

    sources: frozenset[str]
    target: str
    event: str


TRANSITIONS: Mapping[Verb, Transition] = MappingProxyType(
    {
        Verb.OPENING: Transition(frozenset({State.DRAFT}), State.OPEN, "opened"),
        Verb.CLOSING: Transition(frozenset({State.OPEN}), State.CLOSED, "closed"),
        Verb.REPORTING: Transition(frozenset({State.CLOSED}), State.REPORTED, "reported"),
    }
)
#: Of a topic, while its workshop is open. Opening an open one sets its timer anew.
TOPIC_TRANSITIONS: Mapping[Verb, Transition] = MappingProxyType(
    {
        Verb.OPENING: Transition(frozenset(TopicState), TopicState.OPEN, "opened"),
        Verb.CLOSING: Transition(frozenset({TopicState.OPEN}), TopicState.CLOSED, "closed"),
    }
)

#: Without 0, O, 1, I and L: a code is read off a wall and typed on a phone.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 6
CODE_PATTERN = f"^[{CODE_ALPHABET}]{{{CODE_LENGTH}}}$"

#: Names in addresses of workshops and topics, and of options that are no concepts.
NAME_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*$"
LONGEST_NAME = 60
#: What a workshop cannot be called, since it is the next word of other addresses.
RESERVED = frozenset({"participants"})
LONGEST_TITLE = 200
LONGEST_TEXT = 5_000
LONGEST_NEED = 300
LONGEST_LABEL = 300
MOST_TABLES = 200
MOST_ROUNDS = 50
MOST_TOPICS = 50
MOST_OPTIONS = 500
MOST_AGENDA = 100
#: Of one participant on one topic, so that one telephone cannot bury a facilitator.
MOST_NEEDS = 20
LONGEST_TIMER = 24 * 60  # minutes


def topic_state_at(state: str, closes_at: dt.datetime | None, moment: dt.datetime) -> TopicState:
    """The state of a topic: one whose timer has run out is closed, although nobody closed it."""
    has_ended = state == TopicState.OPEN and closes_at is not None and closes_at <= moment
    return TopicState.CLOSED if has_ended else TopicState(state)


def new_join_code() -> str:
    """A code that nobody can guess in the time that a workshop lasts: one of 31^6, and wrong ones are counted."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def read_join_code(typed: str) -> str:
    """The code as people type it: in small letters, with blanks and hyphens."""
    return "".join(typed.split()).replace("-", "").upper()
