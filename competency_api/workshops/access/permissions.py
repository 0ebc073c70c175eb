"""Who may do what in a workshop: pure, from who asks and where the workshop stands.

An **organiser** acts for the organisation that holds the workshop. A **facilitator** runs one table, with a key made
for it or as a person named for it. A **participant** sits at a table, without an account. Others are **guests**.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from competency_api.accounts.values import Actor, Scope
from competency_api.core.errors import Forbidden
from competency_api.workshops.values import State, TopicState


class Part(StrEnum):
    """What somebody is in a workshop."""

    ORGANISER = "organiser"
    FACILITATOR = "facilitator"
    PARTICIPANT = "participant"
    GUEST = "guest"


@dataclass(frozen=True)
class Asker:
    """Whoever asks about one workshop: ``tables`` are the numbers of those that are theirs, ``participant`` the id of
    the row of a participant."""

    part: Part
    tables: frozenset[int] = frozenset()
    participant: int | None = None

    @property
    def is_organiser(self) -> bool:
        return self.part is Part.ORGANISER

    @property
    def runs(self) -> bool:
        """Whether it is one of those who run the session."""
        return self.part in (Part.ORGANISER, Part.FACILITATOR)

    def sees_of(self, table: int | None) -> bool:
        """Whether what belongs to that table (None: to all) is shown to them; guests see it as the public does."""
        return table is None or table in self.tables or self.part in (Part.ORGANISER, Part.GUEST)


def key_identity(key: str) -> str:
    """How a table names a key that runs it."""
    return f"key/{key}"


def person_identity(uuid: str) -> str:
    """How a table names a person who runs it."""
    return f"person/{uuid}"


def identities_of(actor: Actor) -> frozenset[str]:
    """How tables may name the actor."""
    found = {key_identity(actor.key)} if actor.key else set()
    return frozenset(found | ({person_identity(actor.person)} if actor.person else set()))


def part_of(
    actor: Actor, organisation_id: int | None, facilitators: Mapping[int, str | None], *, is_table_key: bool
) -> Asker:
    """What the owner of a key is in a workshop of this organisation, whose tables (by number) have these facilitators.

    A key that was made for a table (``is_table_key``, of whichever workshop) is good for that table and nothing else,
    although it belongs to the organisation.
    """
    names = identities_of(actor)
    own = frozenset(number for number, name in facilitators.items() if name in names)
    if Scope.WORKSHOPS not in actor.scopes:
        return Asker(Part.GUEST)
    if not is_table_key and (actor.is_outside or actor.organisation_id == organisation_id):
        return Asker(Part.ORGANISER, own)
    return Asker(Part.FACILITATOR, own) if own else Asker(Part.GUEST)


def may_see(asker: Asker, state: str) -> bool:
    """Whether they may know of the workshop at all: before it opens only those who prepare it."""
    return state != State.DRAFT or asker.runs


def may_see_results(asker: Asker, state: str, topic_state: str) -> bool:
    """Who runs it sees them live; who sits in it when a topic is closed, so that nobody votes with the majority; and
    everybody when the workshop is reported."""
    if asker.runs or state == State.REPORTED:
        return True
    return asker.part is Part.PARTICIPANT and topic_state == TopicState.CLOSED


def require_organiser(asker: Asker) -> None:
    """Raises Forbidden."""
    if not asker.is_organiser:
        what = "facilitates a table" if asker.part is Part.FACILITATOR else "is not of the organisation that holds it"
        raise Forbidden(f"This is for the organisers of the workshop; this key {what}.")


def require_running(asker: Asker) -> None:
    """Raises Forbidden."""
    if not asker.runs:
        raise Forbidden("This is for organisers and facilitators of the workshop; this key is of neither.")


def require_table(asker: Asker, number: int) -> None:
    """Raises Forbidden for facilitators of other tables, naming theirs."""
    require_running(asker)
    if not asker.is_organiser and number not in asker.tables:
        own = " and ".join(str(table) for table in sorted(asker.tables))
        raise Forbidden(f"This is table {number}; this key facilitates table {own}.", extra={"tables": [*asker.tables]})
