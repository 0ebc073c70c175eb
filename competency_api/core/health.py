"""What must be well before a process takes requests: named checks that features add."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from competency_api.core.errors import ServiceError

log = structlog.get_logger(__name__)

#: Raises a ServiceError when it is not well; what it returns is shown (``"head"``, ``"2.0.0"``).
Check = Callable[[], str]


@dataclass(frozen=True)
class Outcome:
    name: str
    is_well: bool
    detail: str


class Checks:
    """The checks of one application, run in the order in which they were added."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}

    def add(self, name: str, check: Check) -> None:
        self._checks[name] = check

    def run(self) -> list[Outcome]:
        """Run them all. One that raises is not well; its reason goes to the log, since answers here are public."""
        return [self._outcome(name, check) for name, check in self._checks.items()]

    def _outcome(self, name: str, check: Check) -> Outcome:
        try:
            return Outcome(name, True, check())
        except ServiceError as error:
            log.warning("readiness.failed", check=name, reason=error.message)
            return Outcome(name, False, error.code)
        except Exception:  # a check with a defect must make the process unready, not the answer a 500
            log.exception("readiness.broken", check=name)
            return Outcome(name, False, ServiceError.code)
