"""Who may use an operation. Each one says so by a decorator; a route that does not is refused when it is registered.

``@blp.public`` opens an operation to everybody; a scope (``read``, ``propose``, …) will be the alternative for those
that need a key. :func:`operations_of` is what the house's test walks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask

PUBLIC = "public"
_ATTRIBUTE = "_competency_access"
_AUTOMATIC = frozenset({"HEAD", "OPTIONS"})

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Operation:
    """One method of one route; ``access`` is ``public``, a scope, or None when nothing was declared."""

    method: str
    rule: str
    endpoint: str
    access: str | None


def public(view: View) -> View:
    """Declare that everybody may use the operation."""
    setattr(view, _ATTRIBUTE, PUBLIC)
    return view


def method_view(view: Callable[..., Any], method: str) -> Any:
    """What answers ``method``: the view itself, or the method of a ``MethodView``."""
    view_class = getattr(view, "view_class", view if isinstance(view, type) else None)
    if view_class is None:
        return view
    own = getattr(view_class, method.lower(), None)
    return getattr(view_class, "get", None) if own is None and method == "HEAD" else own


def access_of(view: Callable[..., Any], method: str) -> str | None:
    return getattr(method_view(view, method), _ATTRIBUTE, None)


def operations_of(app: Flask) -> Iterator[Operation]:
    """Every operation of the application, ``HEAD`` and ``OPTIONS`` aside."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - _AUTOMATIC):
            access = access_of(app.view_functions[rule.endpoint], method)
            yield Operation(method, rule.rule, rule.endpoint, access)
