"""Rules that are made late build the same addresses as werkzeug's own."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.routing import Map, Rule

from competency_api.core.http.rules import LateRule

RULES = ("/", "/concepts/<code>", "/versions/<version>/concepts/<code>", "/pages/<int:page>", "/files/<path:name>")
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("0", {}),
    ("1", {"code": "C001"}),
    ("1", {"code": "a/b ü?", "lang": "es", "q": ["x", "y"]}),
    ("2", {"version": "1.0.0", "code": "C001"}),
    ("3", {"page": 7}),
    ("4", {"name": "deep/down.txt"}),
]


def built(rule: type[Rule], endpoint: str, values: dict[str, Any], append_unknown: bool) -> str:
    rules = Map([rule(path, endpoint=str(number)) for number, path in enumerate(RULES)])
    return rules.bind("x.example").build(endpoint, values, append_unknown=append_unknown)


@pytest.mark.parametrize("append_unknown", [True, False])
@pytest.mark.parametrize(("endpoint", "values"), ASKED)
def test_an_address_is_the_same_as_that_of_a_rule_that_was_made_at_once(
    endpoint: str, values: dict[str, Any], append_unknown: bool
) -> None:
    late, early = (built(rule, endpoint, dict(values), append_unknown) for rule in (LateRule, Rule))
    assert late == early


def test_nothing_is_made_before_an_address_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    compiling = Rule._compile_builder

    def counted(self: Rule, append_unknown: bool = True) -> Any:
        made.append(self.rule)
        return compiling(self, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", counted)
    rules = Map([LateRule(path, endpoint=path) for path in RULES])
    addresses = rules.bind("x.example")
    assert addresses.match("/concepts/C001") == ("/concepts/<code>", {"code": "C001"})
    assert made == []
    assert [addresses.build("/concepts/<code>", {"code": code}) for code in ("C001", "C002")] == [
        "/concepts/C001",
        "/concepts/C002",
    ]
    assert made == ["/concepts/<code>"]
