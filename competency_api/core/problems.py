"""The one table from exceptions to problem details (RFC 9457).

``openapi/problems.md`` and the page ``/problems`` are made from it; a test holds that every exception of
:mod:`competency_api.core.errors` has its row. This module knows status numbers, but no web framework.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from competency_api.core import errors


@dataclass(frozen=True)
class ProblemType:
    """A kind of problem. ``private``: its message is for the operator's log and never for an answer."""

    exception: type[errors.ServiceError]
    status: int
    title: str
    explanation: str
    remedy: str
    private: bool = False

    @property
    def code(self) -> str:
        return self.exception.code

    @property
    def name(self) -> str:
        """The name of its response in the OpenAPI document."""
        return self.exception.__name__


PROBLEMS = (
    ProblemType(
        errors.MalformedRequest,
        400,
        "Malformed request",
        "The request cannot be read: its body is not valid JSON, too deeply nested, or not UTF-8.",
        "Correct what `detail` names, and send it again.",
    ),
    ProblemType(
        errors.Unauthenticated,
        401,
        "Key needed",
        "The operation needs an API key, and none was sent.",
        "Send `Authorization: Bearer` with a valid key.",
    ),
    ProblemType(
        errors.InvalidKey,
        401,
        "Invalid key",
        "The key is unknown, expired or revoked, or whoever it belongs to is no longer active.",
        "Use a valid key; an administrator makes a new one.",
    ),
    ProblemType(
        errors.InvalidToken,
        401,
        "Not in the room",
        "The token is of no participant: it was replaced by joining again, or its workshop was closed.",
        "Join the workshop with the code of a table; after its closing nothing is to be sent any more.",
    ),
    ProblemType(
        errors.Forbidden,
        403,
        "Not permitted",
        "The key is valid, but may not do this.",
        "Use a key with the scope that `detail` names.",
    ),
    ProblemType(
        errors.NotFound,
        404,
        "Not found",
        "There is nothing at this address: the path, the version or the concept does not exist.",
        "Look at `detail` and at `nearest`, where it is given; `/docs` lists every path.",
    ),
    ProblemType(
        errors.MethodNotAllowed,
        405,
        "Method not allowed",
        "The address exists, but does not take this method.",
        "Use one of the methods in the field `Allow`.",
    ),
    ProblemType(
        errors.NotAcceptable,
        406,
        "No such format",
        "The content exists, but not in a format that the request accepts.",
        "Ask for one of those listed in `available`, by `Accept` or by suffix.",
    ),
    ProblemType(
        errors.Conflict,
        409,
        "Conflict",
        "The change clashes with what is stored; nothing was written.",
        "Read the present state, decide, and send the change again.",
    ),
    ProblemType(
        errors.BrokenRules,
        409,
        "Rules of quality broken",
        "The draft breaks rules that a version must keep; nothing was published.",
        "Mend what `findings` names, concept by concept, and publish then.",
    ),
    ProblemType(
        errors.NumberRefused,
        409,
        "Number refused",
        "The number is taken, or smaller than what changed demands; nothing was published.",
        "Take `smallest` or a higher one; `reasons` are the changes that force it.",
    ),
    ProblemType(
        errors.NothingToPublish,
        409,
        "Nothing to publish",
        "The draft is as the newest version.",
        "Change the draft first.",
    ),
    ProblemType(
        errors.AnotherBallot,
        409,
        "Another ballot from this browser",
        "This browser joined the workshop as another participant than the token's; each has one ballot.",
        "Send the token that this browser was given last, or vote in the browser that the token was given to.",
    ),
    ProblemType(
        errors.PreconditionFailed,
        412,
        "Changed in between",
        "It was changed by another since it was read; nothing was written.",
        "Read it again, repeat the change on the new state, and send its `ETag` in `If-Match`.",
    ),
    ProblemType(
        errors.TooLarge,
        413,
        "Too large",
        "The body is larger than the service takes in one request.",
        "Send it in smaller parts.",
    ),
    ProblemType(
        errors.UnsupportedMediaType,
        415,
        "Unsupported media type",
        "The body is in a format that this operation does not read, or compressed.",
        "Send `application/json`, with that as `Content-Type` and without `Content-Encoding`.",
    ),
    ProblemType(
        errors.InvalidInput,
        422,
        "Invalid input",
        "The request can be read, but one or more values are wrong; nothing was written.",
        "Each entry of `errors` names the place (`pointer`, `parameter` or `header`) and what is right there.",
    ),
    ProblemType(
        errors.PreconditionRequired,
        428,
        "Precondition needed",
        "A change of something that exists must say which state it was made from.",
        "Read it, and send its `ETag` in `If-Match`.",
    ),
    ProblemType(
        errors.TooManyRequests,
        429,
        "Too many requests",
        "More requests came than the limit for this key or address allows.",
        "Wait for the seconds in `Retry-After`.",
    ),
    ProblemType(
        errors.ServiceError,
        500,
        "Internal error",
        "Something broke in the service; it is in its log under `reference`.",
        "Try again; if it stays, report the reference.",
        private=True,
    ),
    ProblemType(
        errors.ConfigurationError,
        500,
        "Wrong configuration",
        "A setting of the service is wrong.",
        "The operator finds the reason in the log under `reference`.",
        private=True,
    ),
    ProblemType(
        errors.Unavailable,
        503,
        "Not available now",
        "The service cannot answer this now, but will later.",
        "Wait for the seconds in `Retry-After`, and send it again.",
    ),
    ProblemType(
        errors.DatabaseUnavailable,
        503,
        "Database not available",
        "The service cannot use its database now: it is busy, not reachable, or not yet migrated.",
        "Wait for the seconds in `Retry-After`; the operator finds the reason in the log.",
        private=True,
    ),
)

_BY_EXCEPTION = {problem.exception: problem for problem in PROBLEMS}
BY_STATUS = {problem.status: problem for problem in reversed(PROBLEMS)}


def problem_of(exception: type[errors.ServiceError]) -> ProblemType:
    """The row of an exception, or that of its nearest base."""
    return next(_BY_EXCEPTION[base] for base in exception.__mro__ if base in _BY_EXCEPTION)


def type_uri(code: str, base_url: str) -> str:
    return f"{base_url}/problems#{code}"


def document(error: errors.ServiceError, *, base_url: str, instance: str, reference: str) -> dict[str, Any]:
    """The body of the answer: ``instance`` is the path asked for, ``reference`` the request id, as in the log."""
    problem = problem_of(type(error))
    body: dict[str, Any] = {
        "type": type_uri(problem.code, base_url),
        "title": problem.title,
        "status": problem.status,
        "detail": problem.explanation if problem.private or not error.message else error.message,
        "instance": instance,
        "code": problem.code,
        "reference": reference,
    }
    if isinstance(error, errors.InvalidInput):
        body["errors"] = [_entry(item) for item in error.errors]
    return {**error.extra, **body}


def _entry(item: errors.FieldError) -> dict[str, str]:
    places = {"pointer": item.pointer, "parameter": item.parameter, "header": item.header}
    return {"detail": item.message} | {name: value for name, value in places.items() if value is not None}


def reference_page() -> str:
    """The text of ``openapi/problems.md``."""
    lines = [
        "# Problems",
        "",
        "What the service answers when something is wrong: `application/problem+json` (RFC 9457). `type` points here,",
        "`code` is stable, `detail` is for people, `reference` is the id of the request in the service's log.",
        "(This page is made from `competency_api/core/problems.py` by `python -m competency_api.core.pages`.)",
    ]
    for problem in PROBLEMS:
        lines += ["", f"## {problem.code}", "", f"**{problem.status} {problem.title}.** {problem.explanation}"]
        lines += ["", f"What to do: {problem.remedy}"]
    return "\n".join(lines) + "\n"
