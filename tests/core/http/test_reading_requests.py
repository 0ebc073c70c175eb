"""What bad input gets: always a problem that names the place and what is right, never a 500."""

from __future__ import annotations

import io
from typing import Any

import marshmallow as ma
import pytest

from competency_api.core.http.fields import ByLanguage, SafeString
from tests.core.http.small import client

JSON = "application/json"
BODY = b'{"label": "a"}'


def errors_of(response: Any) -> list[dict[str, str]]:
    assert response.status_code == 422, response.text
    errors: list[dict[str, str]] = response.get_json()["errors"]
    return errors


@pytest.mark.parametrize(
    ("query", "parameter", "words"),
    [
        ("limt=1", "limt", 'Did you mean "limit"?'),
        ("kind=competenci", "kind", 'Did you mean "competency"?'),
        ("limit=1&limit=2", "limit", "more than once"),
        ("limit=0", "limit", "1 to 500"),
        ("limit=501", "limit", "1 to 500"),
        ("limit=1_0", "limit", "1 to 500"),
        ("limit=%D9%A3", "limit", "1 to 500"),
        ("limit=5.0", "limit", "1 to 500"),
        ("limit=+5", "limit", "1 to 500"),
        (f"limit={'9' * 5000}", "limit", "1 to 500"),
        ("limit=", "limit", "1 to 500"),
        ("deep=yes", "deep", "true or false"),
        ("deep=1", "deep", "true or false"),
        ("deep=True", "deep", "true or false"),
        ("day=2026-W48-1", "day", "2026-11-23"),
        ("day=2026-02-30", "day", "2026-11-23"),
        ("day=20261123", "day", "2026-11-23"),
        ("lang=klingonese", "lang", "BCP 47"),
        ("codes=a,b,c,d", "codes", "at most 3"),
        ("codes=a,a", "codes", "once"),
        ("codes=a,", "codes", "once"),
        ("codes=a%00", "codes", "NUL"),
        ("codes=%EF%BF%BD", "codes", "U+FFFD"),
        ("cursor=abc", "cursor", "not a cursor"),
        ("cursor=%00", "cursor", "NUL"),
        (f"cursor={'A' * 5000}", "cursor", "Length"),
        ("fields=lables", "fields", 'Did you mean "labels"?'),
        ("fields=code.deeper", "fields", "nothing below"),
        ("%00=1", r"\x00", "no such parameter"),
        ("lang=%ff%fe", "lang", "not UTF-8"),
        ("limit=5&codes=%ED%A0%80", "codes", "not UTF-8"),
        ("codes=a&%ff=1", r"\xff", "not UTF-8"),
    ],
)
def test_a_wrong_parameter_is_named_with_what_is_right(query: str, parameter: str, words: str) -> None:
    [error] = errors_of(client().get(f"/things?{query}"))
    assert error["parameter"] == parameter
    assert words in error["detail"]


def test_all_wrong_parameters_are_named_at_once() -> None:
    errors = errors_of(client().get("/things?limit=0&deep=maybe"))
    assert [error["parameter"] for error in errors] == ["limit", "deep"]


def test_bytes_that_are_no_text_are_refused_where_no_parameters_are_taken_and_unescaped_too() -> None:
    [error] = errors_of(client().get("/things/C001?x=%C0%80"))
    assert (error["parameter"], "not UTF-8" in error["detail"]) == ("x", True)
    [error] = errors_of(client().get("/things", environ_overrides={"QUERY_STRING": "codes=\xe9"}))
    assert (error["parameter"], "not UTF-8" in error["detail"]) == ("codes", True)


@pytest.mark.parametrize("path", ["/things/C001", "/things/latest", "/things/export"])
def test_an_operation_without_parameters_refuses_any(path: str) -> None:
    [error] = errors_of(client().get(f"{path}?x=1"))
    assert "takes none" in error["detail"]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "empty"),
        (b"  ", 400, "empty"),
        (b"{", 400, "line 1"),
        (b'{"label": NaN}', 400, "not valid JSON"),
        (b'{"label": "\\ud800"}', 400, "surrogate"),
        (b'{"label":\n"\xff"}', 400, "not UTF-8: byte 12 is 0xFF"),
        (b'\xef\xbb\xbf{"label": "a"}', 400, "byte order mark"),
        (b'{"label": "a", "label": "b"}', 400, '"label" stands twice'),
        (b"[" * 200_000, 400, "depth"),
        (b"[" * 200 + b"]" * 200, 400, "64 levels"),
        (b'{"a":' * 900 + b"1" + b"}" * 900, 400, "deep"),
        (b'{"label": "' + b"a" * 1_100_000 + b'"}', 413, "1048576 bytes"),
        (b"[]", 422, "must be an object"),
        (b"null", 422, "must be an object"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_with_the_reason(body: bytes, status: int, words: str) -> None:
    response = client().post("/things", data=body, content_type=JSON)
    assert response.status_code == status
    assert words in response.get_json()["detail"]


@pytest.mark.parametrize(
    ("member", "pointer", "words"),
    [
        ('"label": "a", "number": 5.5', "/number", "1 to 99"),
        ('"label": "a", "number": "5"', "/number", "1 to 99"),
        ('"label": "a", "number": true', "/number", "1 to 99"),
        (f'"label": "a", "number": {2**70}', "/number", "1 to 99"),
        ('"label": "a", "open": "true"', "/open", "true or false"),
        ('"label": "a", "open": 1', "/open", "true or false"),
        ('"label": "a\\u0000"', "/label", "NUL"),
        ('"label": "a\\u202e"', "/label", "U+202E"),
        ('"label": "a\\nb"', "/label", "line break"),
        ('"label": "  "', "/label", "Length"),
        ('"label": "aaaaaaaaaaaaaaaaaaaaa"', "/label", "Length"),
        ('"label": 7', "/label", "must be a text"),
        ('"label": null', "/label", "must not be null"),
        ('"number": 7', "/label", "missing"),
        ('"label": "a", "a/b~c": 7', "/a~1b~0c", "no member"),
        ('"label": "a", "parts": [{"label": "x"}, {"lable": "x"}]', "/parts/1/lable", 'Did you mean "label"?'),
    ],
)
def test_a_wrong_member_is_pointed_at_with_what_is_right(member: str, pointer: str, words: str) -> None:
    [error] = errors_of(client().post("/things", data="{" + member + "}", content_type=JSON))
    assert error["pointer"] == pointer
    assert words in error["detail"]


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
)
def test_a_body_of_another_type_is_not_taken_for_an_empty_one(content_type: str | None) -> None:
    response = client().post("/things", data=b'{"label": "a"}', content_type=content_type)
    assert response.status_code == 415
    assert response.get_json()["code"] == "unsupported-media-type"


def sent_in_chunks(body: bytes) -> Any:
    """The answer to a body without ``Content-Length``, of a server that ends the stream itself."""
    chunked = {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    return client(MAX_BODY_BYTES="1024").post("/things", content_type=JSON, environ_overrides=chunked)


@pytest.mark.parametrize("surplus", [1, 2, 100_000])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_body_in_chunks_is_refused_when_too_large_and_never_cut(surplus: int, is_first: bool) -> None:
    spaces = b" " * (1024 - len(BODY) + surplus)
    response = sent_in_chunks(spaces + BODY if is_first else BODY + spaces)
    assert response.status_code == 413
    assert "1024 bytes" in response.get_json()["detail"]


@pytest.mark.parametrize("size", [len(BODY), 1023, 1024])
def test_a_body_in_chunks_is_taken_up_to_the_limit(size: int) -> None:
    assert sent_in_chunks(BODY.ljust(size)).status_code == 201


@pytest.mark.parametrize("coding", ["gzip", "BR", "identity, deflate", "\u00e9"])
def test_a_compressed_body_is_refused_with_what_is_right(coding: str) -> None:
    response = client().post("/things", data=BODY, content_type=JSON, headers={"Content-Encoding": coding})
    assert response.status_code == 415
    assert "as it is (identity)" in response.get_json()["detail"]
    assert response.headers["Accept-Encoding"] == "identity"


def test_another_type_is_no_matter_of_codings() -> None:
    assert "Accept-Encoding" not in client().post("/things", data=BODY, content_type="text/plain").headers
    plain = client().post("/things", data=BODY, content_type=JSON, headers={"Content-Encoding": "Identity"})
    assert plain.status_code == 201


def test_what_is_wrong_with_a_text_in_a_language_is_said_at_the_place_of_that_language() -> None:
    schema = ma.Schema.from_dict({"title": ByLanguage(SafeString(least=1, most=3))})()
    wrong = schema.validate({"title": {"en": "long", "no tag": "x", "es": "sí", "not one": "long"}})["title"]
    assert {name: len(messages) for name, messages in wrong.items()} == {"en": 1, "no tag": 1, "not one": 1}
    assert "language tag" in wrong["not one"][0]
    assert schema.validate({"title": "x"})["title"] == ["Not a valid mapping type."]


def test_texts_are_cleaned_on_their_way_in() -> None:
    response = client().post("/things", json={"label": " Cafe\u0301 ", "note": "a\r\nb"})
    assert response.status_code == 201
    assert response.get_json()["labels"]["en"]["preferred"] == "Café"
