"""Reading requests strictly: unknown and repeated parameters are refused, JSON bodies must be JSON and nothing else.

webargs by itself passes over unknown query parameters (a typing slip becomes an empty answer), takes the last of
repeated ones, and reads a body of another type as if it were empty. It also makes a schema anew for each request, and
marshmallow asks a query for each parameter that there might be: with forty filters that took longer than most answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes

import marshmallow as ma
import orjson
from flask import Request
from webargs.core import is_json
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.exceptions import RequestEntityTooLarge

from competency_api.core.errors import FieldError, InvalidInput, MalformedRequest, UnsupportedMediaType
from competency_api.core.http.schemas import Schema
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable

#: Combinations of parameters whose readers are remembered.
_READERS_KEPT = 256
#: Deeper than any document of the API; orjson's own limit is 1024, and later steps recurse in Python.
_DEEPEST = 64


class Parser(FlaskParser):
    """The parser of every operation."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": ma.RAISE, "headers": ma.EXCLUDE}

    def parse(self, argmap: Any, req: Request | None = None, **options: Any) -> Any:
        req = req or self.get_default_request()
        if isinstance(argmap, type) and issubclass(argmap, Schema):
            argmap = _reader(argmap, frozenset(req.args).intersection(argmap.names()) if argmap.from_text else None)
        return super().parse(argmap, req, **options)

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        known = schema.names() if isinstance(schema, Schema) else tuple(schema.load_fields)
        errors = [*_unknown(req, known), *_repeated(req, self._makeproxy(req.args, schema))]
        if errors:
            raise InvalidInput(errors)
        return super().load_querystring(req, schema)

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        return json_body(req)

    def handle_error(self, error: ma.ValidationError, *_args: Any, **_kwargs: Any) -> NoReturn:
        messages = error.messages if isinstance(error.messages, Mapping) else {"json": error.messages}
        raise InvalidInput([entry for where, tree in messages.items() for entry in _entries(where, tree)]) from error


def read_document(schema: type[Schema], document: Any) -> Any:
    """A JSON document, from wherever it comes, as an operation would take it. Raises InvalidInput."""
    try:
        return schema().load(document)
    except ma.ValidationError as error:
        raise InvalidInput(list(_entries("json", error.messages))) from error


@lru_cache(maxsize=_READERS_KEPT)
def _reader(schema: type[Schema], given: frozenset[str] | None) -> Schema:
    """The schema; with ``given``, without the optional fields that are not among these names."""
    if given is None:
        return schema()
    fields = schema._declared_fields.items()
    return schema(
        only=[
            name
            for name, field in fields
            if field.required or field.load_default is not ma.missing or (field.data_key or name) in given
        ]
    )


def refuse_parameters(req: Request) -> None:
    """For operations that take no query parameters at all."""
    errors = _unknown(req, ())
    if errors:
        raise InvalidInput(errors)


def refuse_bytes(req: Request) -> None:
    """Raise InvalidInput for parameters that are not UTF-8: werkzeug leaves such bytes escaped, so that the literal
    text ``%ff`` would be asked for.
    """
    errors = [
        FieldError("It is not UTF-8; percent-encode the UTF-8 bytes of the text.", parameter=printable(_text(name)))
        for name, _, value in (part.partition(b"=") for part in req.query_string.split(b"&"))
        if not (_is_text(name) and _is_text(value))
    ]
    if errors:
        raise InvalidInput(errors)


def _text(escaped: bytes) -> str:
    return unquote_to_bytes(escaped).decode(errors="backslashreplace")


def _is_text(escaped: bytes) -> bool:
    try:
        unquote_to_bytes(escaped).decode()
    except UnicodeDecodeError:
        return False
    return True


def json_body(req: Request) -> Any:
    """The body as JSON.

    Raises UnsupportedMediaType and MalformedRequest, with line and column where they are known; a body that is too
    large ends in werkzeug's own exception.
    """
    coding = req.headers.get("Content-Encoding", "").strip().lower()
    if coding not in ("", "identity"):
        message = f"The body must be sent as it is (identity), not in the coding {printable(coding)}."
        raise UnsupportedMediaType(message, codings="identity")
    if not is_json(req.mimetype):
        given = printable(req.mimetype) or "none"
        raise UnsupportedMediaType(f"The body must be sent as application/json, not as {given}.")
    raw = _whole(req)
    if not raw.strip():
        raise MalformedRequest("The body is empty; a JSON document is needed.")
    try:
        body = raw.decode()
        orjson.loads(body)  # stricter than json: no NaN, no lone surrogates, no endless nesting
        return _not_too_deep(json.loads(body, object_pairs_hook=_object))  # exact integers; sees repeated names
    except UnicodeDecodeError as error:
        place = f"byte {error.start + 1} is 0x{raw[error.start]:02X}"
        raise MalformedRequest(f"The body is not UTF-8: {place}.") from error
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise MalformedRequest(f"The body is not valid JSON: {printable(error.msg)} ({place}).") from error
    except RecursionError as error:
        raise MalformedRequest("The body is nested too deeply.") from error
    except ValueError as error:
        raise MalformedRequest(f"The body is not valid JSON: {printable(error)}.") from error


def _whole(req: Request) -> bytes:
    """The bytes of the body. Raises RequestEntityTooLarge.

    A body in chunks has no length that could be refused before it is read, and werkzeug reads it up to the limit and
    leaves the rest; whether there is a rest shows the next byte.
    """
    raw = req.get_data(cache=True)
    limit = req.max_content_length
    if req.content_length is None and limit is not None and len(raw) >= limit and req.environ["wsgi.input"].read(1):
        raise RequestEntityTooLarge
    return raw


def _not_too_deep(document: Any) -> Any:
    level = [document]
    for _depth in range(_DEEPEST):
        level = [entry for node in level for entry in _entries_of(node)]
        if not level:
            return document
    raise MalformedRequest(f"The body is nested more than {_DEEPEST} levels deep.")


def _entries_of(node: Any) -> Iterable[Any]:
    if isinstance(node, dict):
        return node.values()
    return node if isinstance(node, list) else ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f'the name "{printable(twice)}" stands twice in one object')
    return found


def _unknown(req: Request, known: Iterable[str]) -> list[FieldError]:
    known = tuple(known)
    hint = "" if known else " This operation takes none."
    return [
        FieldError(f"There is no such parameter.{did_you_mean(name, known)}{hint}", parameter=printable(name))
        for name in req.args
        if name not in known
    ]


def _repeated(req: Request, proxy: MultiDictProxy) -> list[FieldError]:
    return [
        FieldError("It is given more than once.", parameter=printable(name))
        for name, values in req.args.lists()
        if len(values) > 1 and name not in proxy.multiple_keys
    ]


def _entries(location: str, tree: Any, path: tuple[str, ...] = ()) -> Iterator[FieldError]:
    """The leaves of marshmallow's tree of messages, each with its place."""
    if isinstance(tree, Mapping):
        for key, below in tree.items():
            yield from _entries(location, below, path if key == "_schema" else (*path, str(key)))
        return
    for message in tree if isinstance(tree, list) else [tree]:
        if isinstance(message, Mapping):
            yield from _entries(location, message, path)
        else:
            yield _field_error(location, path, str(message))


def _field_error(location: str, path: tuple[str, ...], message: str) -> FieldError:
    if location == "json":
        steps = (printable(step).replace("~", "~0").replace("/", "~1") for step in path)
        return FieldError(message, pointer="".join(f"/{step}" for step in steps))
    name = printable(path[0]) if path else ""
    return FieldError(message, header=name) if location == "headers" else FieldError(message, parameter=name)
