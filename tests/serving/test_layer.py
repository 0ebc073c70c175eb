"""The layer answers what is finished exactly as the application would, and hands everything else on."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from competency_api.core.marks import CURRENT, EXACT, PASSING, PASSING_SECONDS
from competency_api.serving.readers import Reader, ReaderCounts, reader_of
from tests.support.layers import BODY, Application, Client


def without_id(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "X-Request-Id"}


@pytest.mark.parametrize("coding", ["", "gzip", "br"])
def test_the_second_answer_equals_the_first_and_the_application_was_asked_once(coding: str) -> None:
    client = Client(Application())
    first, second = client(accept_encoding=coding), client(accept_encoding=coding)
    assert (first[0], without_id(first[1]), first[2]) == (second[0], without_id(second[1]), second[2])
    assert len(client.app.calls) == 1
    assert first[1].get("Content-Encoding", "") == coding


def test_a_compressed_answer_is_made_of_the_plain_one_that_was_kept() -> None:
    client = Client(Application())
    client()
    _, headers, body = client(accept_encoding="gzip")
    assert gzip.decompress(body) == BODY
    assert headers["ETag"] == '"tag--gzip"'
    assert headers["Vary"].endswith("Accept-Encoding")
    assert len(client.app.calls) == 1


@pytest.mark.parametrize("known", ['"tag"', '"tag--gzip"', 'W/"tag"', "*"])
def test_a_client_that_has_the_answer_gets_304_warm_or_cold(known: str) -> None:
    client = Client(Application())
    for _ in range(2):
        status, headers, body = client(if_none_match=known)
        assert (status, body) == ("304 NOT MODIFIED", b"")
        assert headers["ETag"] == '"tag"'
        assert "Content-Length" not in headers
    assert len(client.app.calls) == 1
    assert client()[2] == BODY


def test_head_gives_the_fields_of_get_without_its_body() -> None:
    client = Client(Application())
    status, headers, body = client(method="HEAD")
    assert (status, body) == ("200 OK", b"")
    assert without_id(headers) == without_id(client()[1])
    assert len(client.app.calls) == 1


@pytest.mark.parametrize(
    "app", [Application(mark=None), Application(status="404 NOT FOUND"), Application(status="301 X")]
)
def test_what_is_not_marked_or_not_a_success_is_never_kept(app: Application) -> None:
    client = Client(app)
    client()
    client()
    assert len(app.calls) == 2
    assert len(client.layer.bodies) == 0


def test_conditional_requests_for_what_is_not_kept_are_answered_all_the_same() -> None:
    client = Client(Application(mark=None))
    assert client(if_none_match='"tag"')[0] == "304 NOT MODIFIED"
    assert client(if_none_match='"other"')[2] == BODY
    assert client(method="HEAD")[2] == b""


def test_an_application_that_writes_instead_of_giving_parts_is_refused_and_nothing_of_it_is_lost_silently() -> None:
    class Writing(Application):
        def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            start("200 OK", [("Content-Type", "text/plain")])(b"lost")
            return []

    with pytest.raises(RuntimeError, match="by the parts"):
        Client(Writing())()


@pytest.mark.parametrize(
    ("path", "method"), [("/docs", "GET"), ("/api/v1/thing", "POST"), ("/api/v1/thing", "OPTIONS")]
)
def test_other_paths_and_methods_go_straight_to_the_application(path: str, method: str) -> None:
    client = Client(Application())
    client(path, method=method)
    client(path, method=method)
    assert len(client.app.calls) == 2


def test_a_query_with_bytes_that_were_not_escaped_is_not_taken_for_other_characters() -> None:
    client = Client(Application())
    client(query="q=%C3%83%C2%A9")  # the two characters as which the bytes of one come from the server
    for _ in range(2):
        client(query="q=\u00c3\u00a9")
    assert len(client.app.calls) == 3
    assert len(client.layer.bodies) == 1


def test_what_depends_on_the_newest_version_is_made_again_after_a_publication() -> None:
    client = Client(Application(mark=CURRENT))
    client()
    client.app.body = b"newer"
    assert client()[2] == BODY
    client.state = 2
    assert client()[2] == b"newer"
    assert len(client.app.calls) == 2


def test_what_was_made_while_a_version_was_published_is_not_kept() -> None:
    client = Client(Application(mark=CURRENT))
    original = client.app.__call__

    def publishing(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        client.state += 1
        return original(environ, start)

    client.layer._app = publishing
    client()
    assert len(client.layer.bodies) == 0


def test_exact_answers_survive_a_publication() -> None:
    client = Client(Application(mark=EXACT))
    client()
    client.state = 2
    client()
    assert len(client.app.calls) == 1


def test_exact_answers_are_made_again_after_a_withdrawal() -> None:
    client = Client(Application(mark=EXACT))
    client()
    client.withdrawals = 1
    client()
    client()
    assert len(client.app.calls) == 2


def test_answers_are_kept_apart_by_the_fields_that_they_vary_on() -> None:
    client = Client(Application(vary="Accept-Language"))
    for language in ("es", "en", "es"):
        assert client(accept_language=language)[2].endswith(language.encode())
    assert len(client.app.calls) == 2


def test_forms_of_one_address_that_vary_on_different_fields_do_not_push_each_other_out() -> None:
    client = Client(Application())
    for _ in range(3):
        client.app.vary = "Accept"
        assert client(accept="application/json")[2] == BODY
        client.app.vary = "Accept, Accept-Language"
        assert client(accept="text/html", accept_language="es")[2].endswith(b"es")
    assert len(client.app.calls) == 2


def test_every_answer_has_its_own_request_id_or_the_one_that_was_given() -> None:
    client = Client(Application())
    ids = {client()[1]["X-Request-Id"] for _ in range(3)}
    assert len(ids) == 3
    assert client(x_request_id="abc-12345678")[1]["X-Request-Id"] == "abc-12345678"
    assert client(x_request_id="bad\r\nSet-Cookie: x")[1]["X-Request-Id"] not in ids | {"bad\r\nSet-Cookie: x"}


def test_hits_are_counted_by_route_and_status_and_no_hit_twice() -> None:
    client = Client(Application())
    for _ in range(4):
        client()
    client(if_none_match="*")
    client.layer.flush()
    client.layer.flush()
    assert client.counted == {("GET", "/api/v1/<thing>", 200): 3, ("GET", "/api/v1/<thing>", 304): 1}


def test_a_closed_layer_leaves_no_thread_behind_and_starts_none() -> None:
    before = set(threading.enumerate())
    client = Client(Application())
    client()
    assert len(set(threading.enumerate()) - before) == 1
    client.layer.close()
    client("/api/v1/other")
    assert set(threading.enumerate()) == before


def test_without_room_every_answer_comes_from_the_application() -> None:
    client = Client(Application(), max_bytes=10)
    assert client(accept_encoding="gzip")[1]["Content-Encoding"] == "gzip"
    client()
    assert len(client.app.calls) == 2
    assert client.layer.bodies.bytes == 0


def test_it_counts_by_which_names_versions_are_asked_for_first_and_later() -> None:
    client = Client(Application(mark=EXACT))
    for path in ("2.0.0/concepts", "2.0.0/concepts", "2.0.0/tree", "2", "latest.json", "2.0.0/changes/2.0.1"):
        client(f"/api/v1/versions/{path}")
    client("/api/v1/thing")
    client("/api/v1/versions/2.0.0/concepts", if_none_match='"tag"')
    client.layer.flush()
    client.readers.flush()
    assert client.written == [{("", "2.0.0"): 5, ("", "2"): 1, ("", "latest"): 1}]
    client.readers.flush()
    assert len(client.written) == 1


def test_what_is_no_answer_about_a_version_counts_for_none() -> None:
    client = Client(Application(mark=""))
    client("/api/v1/versions/9.9.9")
    client.readers.flush()
    assert client.written == []


def test_an_embed_will_be_counted_by_the_beginning_of_its_path() -> None:
    prefixes = {"/api/v1/versions/": "", "/embed/": "embed"}
    assert reader_of("/embed/2.0.0/concepts/C017", prefixes) == ("embed", "2.0.0")
    assert reader_of("/id/C017", prefixes) is None


def test_counts_that_cannot_be_written_are_kept_for_the_next_time() -> None:
    written: list[Mapping[Reader, int]] = []

    def write(counts: Mapping[Reader, int]) -> None:
        written.append(dict(counts))
        if len(written) == 1:
            raise OSError

    counts = ReaderCounts(write)
    counts.add(("", "2"), 3)
    counts.flush()
    counts.add(("", "2"), 1)
    counts.flush()
    assert written == [{("", "2"): 3}, {("", "2"): 4}]


def test_what_passes_is_kept_for_some_seconds_and_not_beyond_a_publication(monkeypatch: pytest.MonkeyPatch) -> None:
    client, now = Client(Application(mark=PASSING)), 1000.0
    monkeypatch.setattr("competency_api.serving.layer.time.monotonic", lambda: now)
    for step in (0, PASSING_SECONDS - 1):
        now = 1000.0 + step
        client("/api/v1/one")
    assert len(client.app.calls) == 1
    now = 1000.0 + PASSING_SECONDS
    client("/api/v1/one")
    assert len(client.app.calls) == 2
    client.state += 1
    client("/api/v1/one")
    assert len(client.app.calls) == 3
