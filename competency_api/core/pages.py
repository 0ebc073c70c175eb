"""Reference pages that are made from code: ``python -m competency_api.core.pages`` in a checkout writes them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from competency_api.core import config, problems

PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/configuration.md": config.reference_page,
    "openapi/problems.md": problems.reference_page,
}


def write(root: Path) -> None:
    """Write every page below ``root``, the folder of the checkout."""
    for name, make in PAGES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
