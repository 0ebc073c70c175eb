"""Logs: one event a line on standard error, as JSON for machines or coloured for people.

``log = structlog.get_logger(__name__)`` anywhere; events are named ``noun.past-participle`` and carry values, not
sentences. What is bound to the context of a request (its id) is on every line of it. Libraries that log by the
standard library come out in the same form.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import orjson
import structlog

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


class _ToStructlog(logging.Handler):
    """Hands records of the standard library on."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        log.log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)


def _as_json(event: Any, **_options: Any) -> bytes:
    return orjson.dumps(event, default=str)


def configure(level: str, form: str) -> None:
    """Set up logging for this process; a second call replaces the first."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # not rich tracebacks: they show local variables, which may hold what nobody should read in a log
    plain = structlog.dev.plain_traceback
    renderer: list[Any] = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    factory: Any = structlog.PrintLoggerFactory(sys.stderr)
    if form == "json":
        renderer = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_as_json)]
        factory = structlog.BytesLoggerFactory(sys.stderr.buffer)
    structlog.configure(
        processors=[*shared, *renderer],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=factory,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [handler for handler in root.handlers if not isinstance(handler, _ToStructlog)]
    root.addHandler(_ToStructlog())
    root.setLevel(max(_LEVELS[level], logging.WARNING) if level != "debug" else logging.INFO)
