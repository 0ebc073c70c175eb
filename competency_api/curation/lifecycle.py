"""The life of a proposal as data: its states, the verbs that lead from one to another, and who may say them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from competency_api.accounts.values import Scope


class State(StrEnum):
    """Where a proposal stands. ``published`` follows from the version that contains it; nobody sets it."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes-requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    PUBLISHED = "published"


class Verb(StrEnum):
    """What can be done to a proposal, as its address says it."""

    SUBMISSION = "submission"
    CHANGES_REQUESTED = "changes-requested"
    ACCEPTANCE = "acceptance"
    REJECTION = "rejection"
    WITHDRAWAL = "withdrawal"
    REOPENING = "reopening"


@dataclass(frozen=True)
class Transition:
    """``scope`` is what the key needs; ``by_author`` demands the author's organisation, ``not_own`` another author.

    ``event`` is the past participle of the event that tells of it.
    """

    verb: Verb
    sources: frozenset[State]
    target: State
    scope: Scope
    event: str
    by_author: bool = False
    not_own: bool = False

    @property
    def event_type(self) -> str:
        return f"proposal.{self.event}"


_OPEN = frozenset({State.DRAFT, State.CHANGES_REQUESTED})
_SUBMITTED = frozenset({State.SUBMITTED})

_ALL = (
    Transition(Verb.SUBMISSION, _OPEN, State.SUBMITTED, Scope.PROPOSE, "submitted", by_author=True),
    Transition(Verb.WITHDRAWAL, _OPEN | _SUBMITTED, State.WITHDRAWN, Scope.PROPOSE, "withdrawn", by_author=True),
    Transition(Verb.CHANGES_REQUESTED, _SUBMITTED, State.CHANGES_REQUESTED, Scope.REVIEW, "changes-requested"),
    Transition(Verb.REJECTION, _SUBMITTED, State.REJECTED, Scope.REVIEW, "rejected"),
    Transition(Verb.ACCEPTANCE, _SUBMITTED, State.ACCEPTED, Scope.REVIEW, "accepted", not_own=True),
)
#: Nobody says it of one proposal: it happens to all accepted ones when the draft is discarded.
REOPENING = Transition(Verb.REOPENING, frozenset({State.ACCEPTED}), State.SUBMITTED, Scope.PUBLISH, "reopened")
TRANSITIONS: Mapping[Verb, Transition] = MappingProxyType({transition.verb: transition for transition in _ALL})

LONGEST_TITLE = 200
#: States in which the author may change it.
EDITABLE = _OPEN
#: States in which what it changes is still to come: compared with the draft as it is.
PENDING = _OPEN | _SUBMITTED


def verbs_in(state: State) -> tuple[Verb, ...]:
    """What can be done next."""
    return tuple(verb for verb, transition in TRANSITIONS.items() if state in transition.sources)
