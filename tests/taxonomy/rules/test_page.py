from __future__ import annotations

from pathlib import Path

from competency_api.taxonomy.rules import RULES
from competency_api.taxonomy.rules.page import PLACE, reference_page

ROOT = Path(__file__).parents[3]


def test_the_page_of_rules_is_current() -> None:
    written = (ROOT / PLACE).read_text(encoding="utf-8")
    assert written == reference_page(), "run: python -m competency_api.taxonomy.rules.page"


def test_the_page_names_every_rule_in_one_row_of_its_table() -> None:
    rows = [line for line in reference_page().splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == list(RULES)
    assert all(row.count(" | ") == 4 for row in rows)
