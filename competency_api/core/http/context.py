"""What a request works with: the application's settings, database, metrics and checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

from flask import Flask, current_app
from werkzeug.local import LocalProxy

from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.health import Checks
from competency_api.core.http.limits import Limits
from competency_api.core.metrics import Metrics

_KEY = "competency-api"


class Context:
    """One a Flask application, made by ``create_app``."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings)
        self.metrics = Metrics()
        self.checks = Checks()
        self.limits = Limits(settings)
        #: What answers of versions carry, by their exact numbers: header fields, told by whoever knows the versions.
        self.fields_of: Callable[[Iterable[str]], Iterable[tuple[str, str]]] = lambda _numbers: ()
        #: Called when the application ends, by those who keep something back for speed.
        self.at_end: list[Callable[[], None]] = []

    def attach(self, app: Flask) -> None:
        app.extensions[_KEY] = self
        self.limits.attach(app)

    def close(self) -> None:
        """End: write what was kept back, and close the connections."""
        for finish in self.at_end:
            finish()
        self.database.close()


def context_of(app: Flask) -> Context:
    return cast(Context, app.extensions[_KEY])


#: The database of the application that answers now: ``with db.transaction() as session``.
db = cast(Database, LocalProxy(lambda: context_of(current_app).database))
#: Its settings.
settings = cast(Settings, LocalProxy(lambda: context_of(current_app).settings))
