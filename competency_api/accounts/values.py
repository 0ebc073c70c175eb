"""Words and values of accounts: scopes, roles, kinds of organisations, and whoever acts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from competency_api.core.errors import Forbidden


class Scope(StrEnum):
    """What a key may do. Every key may ``read``."""

    READ = "read"
    COURSES = "courses"
    PROPOSE = "propose"
    REVIEW = "review"
    PUBLISH = "publish"
    WORKSHOPS = "workshops"
    ADMIN = "admin"


class OrganisationKind(StrEnum):
    """A partner curates the taxonomy, a provider maps courses to it."""

    PARTNER = "partner"
    PROVIDER = "provider"
    BOTH = "both"


class Role(StrEnum):
    """What a person may do in an organisation; ``admin`` is outside organisations."""

    MEMBER = "member"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    ADMIN = "admin"


#: How an organisation is called in addresses.
CODE_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*$"
LONGEST_CODE = 60
LONGEST_NAME = 200
RIGHT_CODE = "It must be small letters, digits and single hyphens, like gov-city."


def is_code(text: str) -> bool:
    return len(text) <= LONGEST_CODE and re.fullmatch(CODE_PATTERN, text) is not None


ALL_SCOPES = frozenset(Scope)
_CURATING = frozenset({Scope.PROPOSE, Scope.REVIEW, Scope.PUBLISH})

#: What keys of an organisation may do at most. ``admin`` there is for the organisation itself.
SCOPES_OF_KIND: Mapping[OrganisationKind, frozenset[Scope]] = {
    OrganisationKind.PARTNER: ALL_SCOPES - {Scope.COURSES},
    OrganisationKind.PROVIDER: ALL_SCOPES - _CURATING - {Scope.WORKSHOPS},
    OrganisationKind.BOTH: ALL_SCOPES,
}
#: What keys of a person may do at most.
SCOPES_OF_ROLE: Mapping[Role, frozenset[Scope]] = {
    Role.MEMBER: frozenset({Scope.READ, Scope.COURSES, Scope.PROPOSE}),
    Role.EDITOR: frozenset({Scope.READ, Scope.COURSES, Scope.PROPOSE, Scope.REVIEW, Scope.WORKSHOPS}),
    Role.PUBLISHER: frozenset({Scope.READ, Scope.COURSES, *_CURATING, Scope.WORKSHOPS}),
    Role.ADMIN: ALL_SCOPES,
}


def permitted_scopes(kind: str | None, role: str | None) -> frozenset[Scope]:
    """What a key of such an organisation and of such a person may do at most; None where there is none."""
    by_kind = ALL_SCOPES if kind is None else SCOPES_OF_KIND[OrganisationKind(kind)]
    return by_kind if role is None else by_kind & SCOPES_OF_ROLE[Role(role)]


def in_order(scopes: Iterable[str]) -> list[str]:
    """Scopes as they are stored and shown: in the order of their declaration, each once."""
    given = set(scopes)
    return [scope.value for scope in Scope if scope in given]


@dataclass(frozen=True)
class Actor:
    """Whoever acts, as services and the audit trail know them.

    ``key`` is the public identifier of the key that was used; None at the command line. ``organisation_id`` is None for
    administrators of the deployment, who see everything; others see what is their organisation's. ``organisation`` is
    its code, ``person`` the identifier of a person, ``role`` theirs; a machine's key has neither. Its kind and its name
    are known of who has just sent a key.
    """

    name: str
    scopes: frozenset[str] = ALL_SCOPES
    key: str | None = None
    organisation_id: int | None = None
    organisation: str | None = None
    organisation_kind: str | None = None
    organisation_name: str | None = None
    person: str | None = None
    role: str | None = None

    @property
    def is_outside(self) -> bool:
        """Whether the actor belongs to no organisation, and so administers all of them."""
        return self.organisation_id is None

    @property
    def identity(self) -> str:
        """Who it is, whichever of their keys they use: for whether something is somebody's own.

        The machines of an organisation are one, since any of them may be given the key of another.
        """
        if self.person is not None:
            return f"person/{self.person}"
        if self.organisation is not None:
            return f"organisation/{self.organisation}"
        return "command-line" if self.key is None else "deployment"


def require_scope(actor: Actor, scope: Scope) -> None:
    """For what an operation's own scope does not decide. Raises Forbidden."""
    if scope not in actor.scopes:
        message = f'This needs the scope "{scope.value}", which {actor.name} does not have.'
        raise Forbidden(message, extra={"scope": scope.value})


@dataclass(frozen=True)
class KeyRequest:
    """A key to be made. ``organisation`` is a code, ``person`` an identifier; ``expires_at`` None is never."""

    name: str
    scopes: frozenset[str]
    organisation: str | None = None
    person: str | None = None
    expires_at: dt.datetime | None = None


COMMAND_LINE = Actor("command line")
