"""Rules of addresses whose builders are made when an address is first built."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from werkzeug.routing import Rule


class LateRule(Rule):
    """A rule as werkzeug has it, which writes the code that builds its address only when somebody asks for that.

    For hundreds of rules that is most of what making the application costs, and few addresses are ever built. What is
    overridden is no public part of werkzeug: without it rules are right all the same, and only made sooner.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        made = cache(super()._compile_builder)

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            return made(append_unknown)(rule, **values)

        return build
