"""What an application has one of, for its features: a store, a cache. Kept with the application, never in a module."""

from __future__ import annotations

from typing import TypeVar, cast

from flask import Flask, current_app

Thing = TypeVar("Thing")


def _key(kind: type) -> str:
    return f"competency-api.{kind.__module__}.{kind.__qualname__}"


def provide(app: Flask, thing: object) -> None:
    """Make ``thing`` the application's one of its class."""
    app.extensions[_key(type(thing))] = thing


def service(kind: type[Thing]) -> Thing:
    """The one of this class of the application that answers now. Raises KeyError when nobody provided it."""
    return cast(Thing, current_app.extensions[_key(kind)])


def find_service(app: object, kind: type[Thing]) -> Thing | None:
    """The one of this class of ``app``, if it is of ours and anybody provided it."""
    return cast("Thing | None", app.extensions.get(_key(kind))) if isinstance(app, Flask) else None
