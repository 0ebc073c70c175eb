"""Parameters that a format has no use for are refused in it: nothing that is asked is passed over in silence."""

from __future__ import annotations

from collections.abc import Mapping

from competency_api.core.errors import FieldError, InvalidInput
from competency_api.core.http import Format

#: For a format that is not paged, with the value that asks for what it gives anyway.
NOT_PAGED = {"limit": "all", "cursor": ""}


def require_heeded(given: Mapping[str, str], written: Format, unheeded: Mapping[str, str]) -> None:
    """Raise InvalidInput for parameters in ``given`` (as they were sent) that the chosen format does not heed.

    ``unheeded`` holds each with the one value that it may have, the one that asks for what the format gives anyway.
    """
    name = written.suffix.upper()
    errors = [
        FieldError(
            f"{name} does not take it{_but(may)}. Leave it out, or ask for JSON (suffix `.json`).", parameter=key
        )
        for key, may in unheeded.items()
        if key in given and (not may or given[key] != may)
    ]
    if errors:
        raise InvalidInput(errors)


def _but(may: str) -> str:
    return f", except as `{may}`" if may else ""
