"""``Idempotency-Key``: a request that is repeated with the same key and body gets the same answer, and is done once.

(draft-ietf-httpapi-idempotency-key-header.) Keys belong to the API key that they came with; only what succeeded is
remembered, since what failed wrote nothing and may be tried again.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from flask import Response, request
from sqlalchemy import orm

from competency_api.core import clock
from competency_api.core.errors import FieldError, InvalidInput
from competency_api.core.http.access import caller
from competency_api.core.http.published import as_response
from competency_api.core.idempotency import RememberedAnswer, find_answer, remember_answer

HEADER = "Idempotency-Key"
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "A word of your choice, new for each request: repeated with it, the request is done once.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    "example": "7f9c2ba4-new-partner",
}
_KEY = re.compile("[!-~]{1,200}")


@dataclass(frozen=True)
class Made:
    """What a request made: the answer's body without any secret, further header fields, and the status."""

    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 201


def made_once(
    session: orm.Session,
    make: Callable[[bytes], Made],
    reveal: Callable[[dict[str, Any], bytes], dict[str, Any]] = lambda body, _salt: body,
    *,
    sent: str | None = None,
) -> Response:
    """The answer with what ``make`` makes, the first time or as it was then.

    Both get 32 random bytes, the same again for a repeated request. ``reveal`` adds to the body what follows from them
    and must not be stored. ``sent`` stands for the body of the request where that is a file, which was read already.
    """
    key, fingerprint = _asked_key(), _fingerprint(sent)
    found = find_answer(session, caller().key, key, fingerprint) if key else None
    if found is not None:
        salt, made = bytes.fromhex(found.salt), Made(json.loads(found.body), json.loads(found.headers), found.status)
    else:
        salt = secrets.token_bytes(32)
        made = make(salt)
        if key:
            remember_answer(session, _remembered(key, fingerprint, salt, made))
    response = as_response(reveal(made.body, salt))
    response.status_code = made.status
    response.headers.update(made.headers)
    return response


def _remembered(key: str, fingerprint: str, salt: bytes, made: Made) -> RememberedAnswer:
    return RememberedAnswer(
        caller=caller().key,
        key=key,
        fingerprint=fingerprint,
        created_at=clock.now(),
        salt=salt.hex(),
        status=made.status,
        headers=json.dumps(made.headers),
        body=msgspec.json.encode(made.body).decode(),
    )


def _asked_key() -> str | None:
    given = request.headers.get(HEADER)
    if given is not None and not _KEY.fullmatch(given):
        raise InvalidInput(FieldError("It must be 1 to 200 visible ASCII characters.", header=HEADER))
    return given


def _fingerprint(sent: str | None) -> str:
    """The same for requests that mean the same: method, path, parameters, preconditions and body.

    A body of JSON is compared by what it says, any other one byte by byte.
    """
    body = sent
    if body is None:
        body = request.get_json(silent=True) if request.is_json else hashlib.sha256(request.get_data()).hexdigest()
    parameters = sorted(request.args.items(multi=True))
    said = [request.method, request.path, parameters, request.headers.get("If-Match"), request.mimetype, body]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
