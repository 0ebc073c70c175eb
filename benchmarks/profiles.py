"""``python -m benchmarks.profiles``: where the time of a cold and of a warm read goes, in one process.

Cold is the first read of one concept after the version was loaded: routing, presentation, encoding, keeping. Warm is
every one after it. Times under the profiler are longer than without it; those without it are printed first.
"""

from __future__ import annotations

import cProfile
import io
import pstats
import time
from collections.abc import Callable
from typing import Any

from benchmarks import datasets
from benchmarks.machine import WORK
from competency_api.app import create_app
from competency_api.core.config import Settings

_VERSION = "/api/v1/versions/2.0.0/concepts"
_WARM = 100_000


def main() -> None:
    """Print both profiles."""
    WORK.mkdir(parents=True, exist_ok=True)
    app = create_app(Settings(database_url=datasets.starter(), log_level="error"))
    began = time.process_time()
    _ask(app, "C001")
    print(f"the first of all, with loading the version: {(time.process_time() - began) * 1e3:.1f} ms")
    began = time.process_time()
    _ask(app, "C002")
    print(f"cold: {(time.process_time() - began) * 1e3:.2f} ms")
    environ = _environ("C002")
    began = time.process_time()
    for _ in range(_WARM):
        app.wsgi_app(environ, _start)
    print(f"warm: {(time.process_time() - began) / _WARM * 1e6:.2f} µs")
    print(_profile("cold, 20 concepts", lambda: [_ask(app, f"C{number:03}") for number in range(3, 23)], 22))
    print(_profile(f"warm, {_WARM:,} times", lambda: [app.wsgi_app(environ, _start) for _ in range(_WARM)], 12))


def _environ(code: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": f"{_VERSION}/{code}",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8000",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }


def _start(_status: str, _headers: list[tuple[str, str]], _exc_info: Any = None) -> Callable[[bytes], object]:
    return lambda _data: None


def _ask(app: Any, code: str) -> bytes:
    return b"".join(app.wsgi_app(_environ(code), _start))


def _profile(name: str, work: Callable[[], object], lines: int) -> str:
    profile = cProfile.Profile()
    profile.runcall(work)
    output = io.StringIO()
    pstats.Stats(profile, stream=output).strip_dirs().sort_stats("tottime").print_stats(lines)
    return f"\n{name}\n{output.getvalue().strip()}"


if __name__ == "__main__":
    main()
