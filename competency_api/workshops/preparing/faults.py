"""What is wrong in several parts of one request, told together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

from competency_api.core.errors import Conflict, FieldError, InvalidInput


class Faults:
    """Collects what parts refuse. ``with faults.of("/tables/0"): …`` goes on behind the block."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    @contextmanager
    def of(self, pointer: str = "") -> Iterator[None]:
        """What is refused in the block stands below this place of the body; a clash with what is there, at it."""
        try:
            yield
        except InvalidInput as refused:
            self.errors += [
                dataclasses.replace(error, pointer=pointer + (error.pointer or "")) for error in refused.errors
            ]
        except Conflict as refused:
            self.errors.append(FieldError(refused.message, pointer=pointer))

    def tell(self) -> None:
        """Raises InvalidInput if there are any."""
        if self.errors:
            raise InvalidInput(self.errors)
