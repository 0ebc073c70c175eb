from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from competency_api.core import logs
from tests.core.http.small import client


@pytest.fixture
def as_json() -> Iterator[None]:
    logs.configure("info", "json")
    yield
    structlog.reset_defaults()
    root = logging.getLogger()
    root.handlers = [handler for handler in root.handlers if type(handler).__module__ != logs.__name__]
    root.setLevel(logging.WARNING)


def lines(capfdbinary: pytest.CaptureFixture[bytes]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capfdbinary.readouterr().err.splitlines()]


def test_a_request_is_one_line_with_its_id(capfdbinary: pytest.CaptureFixture[bytes], as_json: None) -> None:
    client().get("/things?limit=1", headers={"X-Request-Id": "trace-0001"})
    [line] = lines(capfdbinary)
    assert line["event"] == "request.answered"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/things", 200)
    assert line["request_id"] == "trace-0001"
    assert "limit" not in str(line)


def test_a_defect_is_logged_with_its_trace_under_the_reference(
    capfdbinary: pytest.CaptureFixture[bytes], as_json: None
) -> None:
    reference = json.loads(client().get("/things/broken").data)["reference"]
    broken, _answered = lines(capfdbinary)
    assert broken["request_id"] == reference
    assert "RuntimeError" in str(broken["exception"])


def test_a_path_cannot_forge_a_line(capfdbinary: pytest.CaptureFixture[bytes], as_json: None) -> None:
    client().get("/a%0A%1b[31m")
    [line] = lines(capfdbinary)
    assert line["path"] == r"/a\n\x1b[31m"


def test_libraries_speak_in_the_same_form(capfdbinary: pytest.CaptureFixture[bytes], as_json: None) -> None:
    logging.getLogger("some.library").warning("something %s", "odd")
    [line] = lines(capfdbinary)
    assert (line["event"], line["logger"], line["level"]) == ("something odd", "some.library", "warning")
