"""Chromium, driven by playwright, and what its tests look at: violations of WCAG, pictures, pages of other sites."""

from __future__ import annotations

import importlib.resources
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.sources import ROOT

ARTIFACTS = ROOT / "test-artifacts"
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
#: What the law asks for (EN 301 549): WCAG 2.0 to 2.2, levels A and AA.
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")


def chromium() -> str:
    """The path of the browser. Absent, the test is skipped at the desk and fails in CI."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        reason = "needs chromium, which `make test` installs on Debian as root; elsewhere CHROMIUM names its program"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@contextmanager
def running_browser() -> Iterator[Browser]:
    """One process for many tests; each opens contexts of its own, which share nothing."""
    program = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


def axe(page: Page, within: str | None = None) -> list[str]:
    """Violations of WCAG 2.2 A and AA on the page or below a selector, shadow trees too: rule, place and why."""
    script = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    # into the page by the browser's own protocol, so that the page's policy for scripts does not concern it
    page.evaluate(script)
    asked = {"runOnly": {"type": "tag", "values": list(WCAG)}, "resultTypes": ["violations"]}
    found = page.evaluate("([within, asked]) => axe.run(within ?? document, asked)", [within, asked])
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def screenshot(page: Page, name: str, **options: Any) -> None:
    """A picture of the whole page in test-artifacts/, for people to look at."""
    file = ARTIFACTS / f"{name}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=True, **options)


@dataclass
class Partner:
    """Another web site: pages at an origin of its own, each with the header fields that it is given."""

    origin: str
    pages: dict[str, tuple[bytes, dict[str, str]]] = field(default_factory=dict)

    def show(self, page: Page, path: str, html: str, policy: str | None = None, **more: str) -> None:
        """Put a page at the path, with this Content-Security-Policy, and go there."""
        self.put(path, html.encode(), **({"Content-Security-Policy": policy} if policy else {}), **more)
        page.goto(self.origin + path)

    def put(self, path: str, body: bytes, **fields: str) -> None:
        self.pages[path] = (body, {"Content-Type": "text/html; charset=utf-8"} | fields)


@contextmanager
def partner_site() -> Iterator[Partner]:
    """A partner's web site on a port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(lambda path: partner.pages.get(path)))
    partner = Partner(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield partner
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(find: Callable[[str], tuple[bytes, dict[str, str]] | None]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, fields = find(self.path.partition("?")[0]) or (b"", {})
            self.send_response(200 if fields else 404)
            for name, value in {**fields, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: what the browser asked is not what tests are about."""

    return Handler


@dataclass
class Heard:
    """What a page said to its console, and failures that nobody caught."""

    lines: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, page: Page) -> Heard:
        heard = cls()
        page.on("console", lambda message: heard.lines.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: heard.lines.append(f"uncaught: {error}"))
        return heard
