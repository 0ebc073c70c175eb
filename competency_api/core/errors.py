"""What can go wrong, in the words of the service. Knows no HTTP: :mod:`competency_api.core.problems` maps it.

::

    ServiceError
    ├── ConfigurationError         a setting is wrong; only at start
    ├── MalformedRequest           the request cannot be read at all
    ├── InvalidInput               it can be read, but a value is wrong; carries FieldErrors
    ├── Unauthenticated            no key was sent
    │   ├── InvalidKey             one that is unknown, expired or revoked
    │   └── InvalidToken           the token of no participant: unknown, replaced, or its workshop was closed
    ├── Forbidden                  the key may not do this
    ├── NotFound                   there is no such thing
    ├── MethodNotAllowed           the thing is there, but not this verb
    ├── NotAcceptable              the thing is there, but not in this format
    ├── Conflict                   it clashes with what is stored
    │   ├── BrokenRules            a version must keep rules of quality that the draft breaks
    │   ├── NumberRefused          a version cannot have this number
    │   ├── NothingToPublish       the draft is as the newest version
    │   └── AnotherBallot          the browser has another participant's session than the token's
    ├── PreconditionFailed         it was changed since it was read
    ├── PreconditionRequired       a change must say which state it was made from
    ├── TooLarge                   more than the service takes in one request
    ├── UnsupportedMediaType       the body is of a type that the service does not read
    ├── TooManyRequests            slower, please
    └── Unavailable                it would work, but not now
        └── DatabaseUnavailable    the database cannot be reached, opened, written or is not migrated

A feature raises these, or a subclass that it declares here together with its row in ``problems.py``.
Messages are whole sentences for the person who sent the request: what is wrong, and what would be right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class FieldError:
    """One wrong value: where it stands and what would be right.

    Exactly one of ``pointer`` (JSON Pointer into the body, ``/labels/en/preferred``; ``""`` is the whole body),
    ``parameter`` (query or path) and ``header`` is given.
    """

    message: str
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None

    def __str__(self) -> str:
        where = self.parameter or self.header or self.pointer
        return f"{where}: {self.message}" if where else self.message


class ServiceError(Exception):
    """Base of all of them. ``code`` is stable: clients may rely on it.

    ``extra`` are further members of the problem, in JSON types (``{"nearest": ["1.2.0"]}``); they never replace the
    standard ones.
    """

    code: ClassVar[str] = "internal-error"

    def __init__(self, message: str = "", *, extra: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.extra = dict(extra or {})

    def __str__(self) -> str:
        return self.message


class ConfigurationError(ServiceError):
    code = "configuration-error"


class MalformedRequest(ServiceError):
    code = "malformed-request"


class InvalidInput(ServiceError):
    """One or more values are wrong; nothing was written.

    ``InvalidInput(FieldError("…", parameter="kind"))`` or a list of them; ``message`` defaults to the first error's.
    """

    code = "invalid-input"

    def __init__(
        self,
        errors: FieldError | Iterable[FieldError],
        message: str = "",
        *,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self.errors = [errors] if isinstance(errors, FieldError) else list(errors)
        super().__init__(message or self._summary(), extra=extra)

    def _summary(self) -> str:
        if not self.errors:
            return "The request is not valid."
        more = len(self.errors) - 1
        return str(self.errors[0]) + (f" (and {more} more)" if more else "")


class Unauthenticated(ServiceError):
    code = "unauthenticated"


class InvalidKey(Unauthenticated):
    code = "invalid-key"


class InvalidToken(Unauthenticated):
    code = "invalid-token"


class Forbidden(ServiceError):
    code = "forbidden"


class NotFound(ServiceError):
    code = "not-found"


class MethodNotAllowed(ServiceError):
    code = "method-not-allowed"


class NotAcceptable(ServiceError):
    code = "not-acceptable"


class Conflict(ServiceError):
    code = "conflict"


class BrokenRules(Conflict):
    code = "broken-rules"


class NumberRefused(Conflict):
    code = "number-refused"


class NothingToPublish(Conflict):
    code = "nothing-to-publish"


class AnotherBallot(Conflict):
    code = "another-ballot-from-this-browser"


class PreconditionFailed(ServiceError):
    code = "precondition-failed"


class PreconditionRequired(ServiceError):
    code = "precondition-required"


class TooLarge(ServiceError):
    code = "too-large"


class UnsupportedMediaType(ServiceError):
    """``codings``: the content codings that are read, where it is the coding that is refused (RFC 9110, 15.5.16)."""

    code = "unsupported-media-type"

    def __init__(self, message: str = "", *, codings: str = "", extra: Mapping[str, Any] | None = None) -> None:
        super().__init__(message, extra=extra)
        self.codings = codings


class _Temporary(ServiceError):
    """``retry_after``: whole seconds after which it is worth trying again."""

    def __init__(self, message: str = "", *, retry_after: int = 1, extra: Mapping[str, Any] | None = None) -> None:
        super().__init__(message, extra=extra)
        self.retry_after = retry_after


class TooManyRequests(_Temporary):
    code = "too-many-requests"


class Unavailable(_Temporary):
    code = "unavailable"


class DatabaseUnavailable(Unavailable):
    code = "database-unavailable"
