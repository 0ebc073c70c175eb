"""Who may use an operation. Each one says so by a decorator; a route that does not is refused when it is registered.

``@blp.public`` opens an operation to everybody, ``@blp.scope("propose")`` to those who send a key with that scope.
Two more are for rooms full of people behind one address, who have no keys: ``@blp.welcoming`` for operations that
answer by who asks (a key, a participant's token, or neither), ``@blp.participating`` for those that need the token.
Whose token it is the feature finds out, and counts the request then (:func:`count_participant`), since until then
anybody could make up as many as they like. ``@blp.crowded`` is public, and not counted by address at all.
:func:`operations_of` is what the house's test walks. Which keys there are the kernel does not know: a feature tells it
by :func:`provide_authentication`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from flask import Flask, Request, current_app, g
from flask import request as present

from competency_api.core.errors import Forbidden, Unauthenticated
from competency_api.core.http.limits import limits

PUBLIC = "public"
#: Public, but a whole room may ask at once from one address.
CROWDED = "crowded"
#: Whoever comes, with a key, a token or neither.
WELCOMING = "welcoming"
#: Needs the token of a participant.
PARTICIPATING = "participating"
#: What the header field of that token is called.
PARTICIPANT_FIELD = "Participant-Token"
_ATTRIBUTE = "_competency_access"
_AUTOMATIC = frozenset({"HEAD", "OPTIONS"})
_AUTHENTICATE = "competency-api.authenticate"
_SCHEME = "bearer "

View = TypeVar("View", bound=Callable[..., Any])


class Caller(Protocol):
    """Whoever sent a valid key: the key's public identifier, and what it may do."""

    @property
    def key(self) -> str | None: ...

    @property
    def scopes(self) -> frozenset[str]: ...


class Authentication(Protocol):
    """What knows the keys. ``is_familiar`` tells, without asking a database, whether a secret was valid lately."""

    def is_familiar(self, secret: str) -> bool: ...

    def caller(self, secret: str) -> Caller:
        """Raises Unauthenticated."""
        ...


@dataclass(frozen=True)
class Operation:
    """One method of one route; ``access`` is ``public``, a scope, or None when nothing was declared."""

    method: str
    rule: str
    endpoint: str
    access: str | None


def public(view: View) -> View:
    """Declare that everybody may use the operation."""
    setattr(view, _ATTRIBUTE, PUBLIC)
    return view


def crowded(view: View) -> View:
    """Declare that everybody may use the operation, as many as there are in a room at once."""
    setattr(view, _ATTRIBUTE, CROWDED)
    return view


def welcoming(view: View) -> View:
    """Declare that the operation looks at a key or a token, and answers those who have neither as well."""
    setattr(view, _ATTRIBUTE, WELCOMING)
    return view


def participating(view: View) -> View:
    """Declare that the operation needs the token of a participant."""
    setattr(view, _ATTRIBUTE, PARTICIPATING)
    return view


def scope(name: str) -> Callable[[View], View]:
    """Declare that the operation needs a key with this scope."""

    def decorate(view: View) -> View:
        setattr(view, _ATTRIBUTE, name)
        return view

    return decorate


def provide_authentication(app: Flask, authentication: Authentication) -> None:
    """Tell the application who knows the keys."""
    app.extensions[_AUTHENTICATE] = authentication


def admit(request: Request) -> None:
    """Let the present request pass, or raise TooManyRequests, Unauthenticated or Forbidden.

    A public operation never looks at a key: its answers are the same for everybody, from memory too.
    """
    rule = request.url_rule
    access = None if rule is None else access_of(current_app.view_functions[rule.endpoint], request.method)
    if access in (None, PUBLIC) or request.method == "OPTIONS":
        limits().count_address(request)
        return
    if access in (CROWDED, WELCOMING, PARTICIPATING) and not _brings_key(request, access):
        _admit_without_key(request, access)
        return
    g.is_keyed = True
    g.secret = _secret_of(request)
    g.caller = _caller(request, g.secret)
    limits().count_key(str(g.caller.key))
    if access != WELCOMING and access not in g.caller.scopes:
        held = ", ".join(sorted(g.caller.scopes))
        raise Forbidden(
            f'This operation needs a key with the scope "{access}"; this one has: {held}.', extra={"scope": access}
        )


def _brings_key(request: Request, access: str | None) -> bool:
    return access == WELCOMING and PARTICIPANT_FIELD not in request.headers and "Authorization" in request.headers


def _admit_without_key(request: Request, access: str | None) -> None:
    if access == CROWDED:
        return
    g.is_keyed = True
    g.token = request.headers.get(PARTICIPANT_FIELD, "").strip()
    if g.token:
        return
    limits().count_address(request)
    if access == PARTICIPATING:
        raise Unauthenticated(f"This operation is for participants: send `{PARTICIPANT_FIELD}`, which joining gives.")


def find_caller() -> Any:
    """The :class:`Caller` of the present request to a welcoming operation; None without a key."""
    return g.get("caller")


def participant_token() -> str:
    """The token that the present request was sent with, whoever's it is; empty without one."""
    return str(g.get("token", ""))


def count_participant(name: str) -> None:
    """Count the request of a participant, whose token is a known one. Raises TooManyRequests."""
    limits().count_participant(name)


def count_stranger() -> None:
    """Count the present request, whose token is nobody's. Raises TooManyRequests."""
    limits().count_address(present)


def require_guessed_little() -> None:
    """Raises TooManyRequests when too many codes from the present client were wrong."""
    limits().require_guessed_little(present)


def count_wrong_code() -> None:
    """Count a wrong code of the present client."""
    limits().count_wrong_code(present)


def caller() -> Any:
    """The :class:`Caller` of the present request, whose operation declared a scope."""
    return g.caller


def secret() -> str:
    """The key itself that the present request was sent with."""
    return str(g.secret)


def is_keyed() -> bool:
    """Whether the operation of the present request needs a key, valid or not."""
    return bool(g.get("is_keyed"))


def _secret_of(request: Request) -> str:
    field = request.headers.get("Authorization", "")
    if field[: len(_SCHEME)].lower() == _SCHEME and field[len(_SCHEME) :].strip():
        return field[len(_SCHEME) :].strip()
    limits().count_address(request)
    raise Unauthenticated("This operation needs a key: send `Authorization: Bearer sck_…`.")


def _caller(request: Request, sent: str) -> Caller:
    authentication: Authentication = current_app.extensions[_AUTHENTICATE]
    if not authentication.is_familiar(sent):
        limits().require_patience(request)
    try:
        return authentication.caller(sent)
    except Unauthenticated:
        limits().count_failure(request)
        raise


def method_view(view: Callable[..., Any], method: str) -> Any:
    """What answers ``method``: the view itself, or the method of a ``MethodView``."""
    view_class = getattr(view, "view_class", view if isinstance(view, type) else None)
    if view_class is None:
        return view
    own = getattr(view_class, method.lower(), None)
    return getattr(view_class, "get", None) if own is None and method == "HEAD" else own


def access_of(view: Callable[..., Any], method: str) -> str | None:
    return getattr(method_view(view, method), _ATTRIBUTE, None)


def operations_of(app: Flask) -> Iterator[Operation]:
    """Every operation of the application, ``HEAD`` and ``OPTIONS`` aside."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - _AUTOMATIC):
            access = access_of(app.view_functions[rule.endpoint], method)
            yield Operation(method, rule.rule, rule.endpoint, access)
