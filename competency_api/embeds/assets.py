"""The element's one file, and addresses that say what is in it.

The file is put together from the parts in ``element/``, the words for failures and the stylesheet, which the pages for
frames use too. Its address holds a digest of its content, so that it can be kept for ever; snippets carry the same
digest as ``integrity``. Files of former releases stay in ``element/released/``: a page that names one goes on working.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from competency_api.concepts.filters import FILTERS
from competency_api.embeds.words import LANGUAGES, words_of

NAME = "competency-list"
#: In the order in which they stand in the file.
_PARTS = ("nodes.js", "source.js", "drawing.js", "hover.js", "finding.js", "element.js")
_DIGITS = 16


@dataclass(frozen=True)
class Script:
    """A finished file; ``integrity`` is for the attribute of that name."""

    body: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:_DIGITS]

    @property
    def path(self) -> str:
        return f"/embed/{NAME}.{self.digest}.js"

    @property
    def integrity(self) -> str:
        return "sha384-" + base64.b64encode(hashlib.sha384(self.body).digest()).decode()


@cache
def script() -> Script:
    """The file of this release."""
    constants = {
        "FILTERS": list(FILTERS),
        "FAILURES": {tag: dict(words_of(tag)["problems"]) for tag in LANGUAGES},
        "COPIES": {tag: words_of(tag)["embed"]["copy"] for tag in LANGUAGES},
        "STYLE": style(),
    }
    head = "".join(f"const {name} = {json.dumps(value, ensure_ascii=False)};\n" for name, value in constants.items())
    return Script((head + "\n".join(part(name) for name in _PARTS)).encode())


@cache
def scripts() -> Mapping[str, Script]:
    """Every file that is served, by digest: this release's and those of former ones."""
    released = files(__package__).joinpath("element", "released")
    former = [Script(file.read_bytes()) for file in released.iterdir() if file.name.endswith(".js")]
    return {item.digest: item for item in (*former, script())}


@cache
def part(name: str) -> str:
    return files(__package__).joinpath("element", name).read_text("utf-8")


@cache
def style() -> str:
    """What embeds look like, in the element and in frames."""
    return part("style.css")


def source_of(text: str) -> str:
    """The source of a Content-Security-Policy that permits this inline script or style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def of_frames() -> Mapping[str, str]:
    """What a page for frames brings along."""
    return {"style": part("frame.css") + style(), "script": part("frame.js")}


@cache
def policy_of_frames() -> str:
    """Their Content-Security-Policy: any site may frame them, and they load nothing."""
    inside = of_frames()
    return (
        f"default-src 'none'; style-src {source_of(inside['style'])}; script-src {source_of(inside['script'])}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors *"
    )
