"""The page that explains results: its program is run."""

from __future__ import annotations

import contextlib
import io
import re

from tests.support.sources import ROOT


def test_the_example_of_the_page_prints_what_the_page_shows() -> None:
    page = (ROOT / "docs/reference/ranking.md").read_text(encoding="utf-8")
    (program, shown) = re.findall(r"^```(?:python|text)\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(program, "ranking.md", "exec"), {})
    assert printed.getvalue() == shown
