"""The shipped configuration of nginx in front of the real service."""

from __future__ import annotations

import gzip
import http.server
import json
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import brotli
import pytest

from tests.support.nginx import NAME, Site, prepare, running
from tests.support.running import free_port

CONCEPT = "/api/v1/versions/2.0.0/concepts/C001"
CONVERT = b'{"from": "1.0.0", "to": "2.0.0", "items": ["B012"]}'
OUTSIDER = "127.0.0.9"

pytestmark = pytest.mark.slow


def problem_of(body: bytes) -> str:
    return str(json.loads(body)["code"])


def direct(site: Site, path: str) -> bytes:
    """What the service says without nginx."""
    with urllib.request.urlopen(f"http://127.0.0.1:{site.service}{path}", timeout=60) as response:
        return bytes(response.read())


def test_nginx_finds_nothing_wrong_with_the_file(tmp_path: Path) -> None:
    command = prepare(tmp_path, service=8000, https=free_port(), http_=free_port())
    done = subprocess.run([*command, "-t", "-q"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + (tmp_path / "error.log").read_text()


def test_http_leads_to_https_of_the_same_address(site: Site) -> None:
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    with pytest.raises(urllib.error.HTTPError) as moved:
        urllib.request.build_opener(Stay).open(f"http://127.0.0.1:{site.http}{CONCEPT}?lang=es", timeout=60)
    moved.value.close()
    assert (moved.value.code, moved.value.headers["Location"]) == (301, f"https://{NAME}{CONCEPT}?lang=es")


def test_what_never_changes_is_asked_for_once(site: Site) -> None:
    path = f"{CONCEPT}?fields=code"
    first, second = site.ask(path), site.ask(path)
    assert (first.cache, second.cache) == ("MISS", "HIT")
    assert "immutable" in second.fields["Cache-Control"]
    assert first.body == second.body == direct(site, path)
    assert second.fields["ETag"] == first.fields["ETag"]


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/versions/2.0.0/concepts/C999", "/metrics"])
def test_what_is_not_to_be_stored_is_not(site: Site, path: str) -> None:
    assert [site.ask(path).cache for _ in range(2)] == ["MISS", "MISS"]


def test_what_is_asked_with_a_key_is_neither_stored_nor_taken_from_the_cache(site: Site) -> None:
    path = f"{CONCEPT}?fields=labels"
    for _ in range(2):
        assert site.ask(path, Authorization="Bearer sck_x").cache == "BYPASS"
    assert site.ask(path).cache == "MISS"


def test_formats_are_kept_apart_by_vary(site: Site) -> None:
    path = "/api/v1/versions/2.0.0/concepts/C002"
    kinds = ("text/html", "application/json")
    first, second = ([site.ask(path, Accept=kind) for kind in kinds] for _ in range(2))
    assert [answer.fields["Content-Type"].partition(";")[0] for answer in second] == list(kinds)
    assert [answer.cache for answer in (*first, *second)] == ["MISS", "MISS", "HIT", "HIT"]


@pytest.mark.parametrize(("coding", "plain"), [("gzip", gzip.decompress), ("br", brotli.decompress)])
def test_compressed_answers_pass_as_they_are_with_strong_etags(site: Site, coding: str, plain: object) -> None:
    # a path of its own for each coding, so that the first answer is one that was not yet stored
    path = f"/api/v1/versions/2.0.0/concepts?limit={4 + len(coding)}"
    assert callable(plain)
    for _ in range(2):
        answer = site.ask(path, Accept_Encoding=coding)
        assert answer.fields["Content-Encoding"] == coding
        assert answer.fields["ETag"].startswith('"')
        assert answer.fields["ETag"].endswith(f'--{coding}"')
        assert plain(answer.body) == site.ask(path).body
        again = site.ask(path, Accept_Encoding=coding, If_None_Match=answer.fields["ETag"])
        assert (again.status, again.body, again.fields["ETag"]) == (304, b"", answer.fields["ETag"])


def test_the_description_of_the_api_is_compressed_here_and_still_gives_304(site: Site) -> None:
    path = "/openapi.json"
    answer = site.ask(path, Accept_Encoding="gzip, br")
    assert len(answer.body) < len(gzip.decompress(answer.body)) / 3
    assert answer.fields["ETag"].startswith("W/")
    for tag in (answer.fields["ETag"], answer.fields["ETag"].removeprefix("W/")):
        assert site.ask(path, Accept_Encoding="gzip, br", If_None_Match=tag).status == 304


def test_every_answer_carries_its_own_id_or_the_one_that_was_given(site: Site) -> None:
    ids = {site.ask(CONCEPT).fields["X-Request-Id"] for _ in range(3)}
    assert len(ids) == 3
    given = "client-0123456789"
    unknown = site.ask("/api/v1/versions/2.0.0/concepts/C999", X_Request_Id=given)
    # the service worked under the id that nginx answers with and logs
    assert (unknown.fields["X-Request-Id"], json.loads(unknown.body)["reference"]) == (given, given)
    assert unknown.fields.get_all("X-Request-Id") == [given]
    assert site.ask(CONCEPT, X_Request_Id="a b{c").fields["X-Request-Id"] != "a b{c"
    lines = [json.loads(line) for line in (site.folder / "access.log").read_text().splitlines()]
    assert [line["address"] for line in lines if line["request_id"] == given] == ["127.0.0.1"]


@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "//metrics",
        "/%6Detrics",
        "/docs/../metrics",
        "/./metrics",
        "/metrics?x",
        "/api/v1/keys",
        "/api/v1/audit/1",
    ],
)
def test_outsiders_do_not_learn_that_there_are_metrics_and_administration(site: Site, path: str) -> None:
    answer = site.ask(path, client=OUTSIDER)
    assert (answer.status, problem_of(answer.body)) == (404, "not-found")
    assert b"http_requests" not in answer.body
    assert site.ask("/metrics").status == 200


def test_a_body_that_is_too_large_is_refused_as_the_service_would(site: Site) -> None:
    answer = site.ask("/api/v1/convert", body=b"x" * (2**20 + 1))
    assert (answer.status, problem_of(answer.body)) == (413, "too-large")
    assert answer.fields["Content-Type"] == "application/problem+json"
    assert site.ask("/api/v1/convert", body=CONVERT).status == 200


class Brief(http.server.BaseHTTPRequestHandler):
    """A service whose every answer is fresh for a second."""

    def do_GET(self) -> None:
        self.send_response(200)
        for name, value in (("Cache-Control", "public, max-age=1"), ("ETag", '"1"'), ("Content-Length", "2")):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Nothing: nobody reads it."""


def test_while_the_service_is_down_what_is_known_is_served_and_the_rest_is_a_problem(tmp_path: Path) -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), Brief) as server, running(tmp_path, server.server_port) as site:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        assert site.ask("/known").cache == "MISS"
        server.shutdown()
        thread.join()
        server.server_close()
        time.sleep(2.1)
        known, unknown = site.ask("/known"), site.ask("/unknown")
    assert (known.status, known.body, known.cache) == (200, b"ok", "STALE")
    assert (unknown.status, problem_of(unknown.body), unknown.fields["Retry-After"]) == (503, "unavailable", "5")
