"""Logs: one event a line on standard error, as JSON for machines or coloured for people.

``log = structlog.get_logger(__name__)`` anywhere; events are named ``noun.past-participle`` and carry values, not
sentences. What is bound to the context of a request (its id) is on every line of it. Libraries that log by the
standard library come out in the same form.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from typing import Any, TextIO, cast

import orjson
import structlog

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


class _ToStructlog(logging.Handler):
    """Hands records of the standard library on."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        log.log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)


class _StandardError:
    """Standard error as it is at the moment of writing; a log that cannot be written must not fail a request."""

    def write(self, line: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(line)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()


def _as_json(event: Any, **_options: Any) -> str:
    return orjson.dumps(event, default=str).decode()


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
    if form == "json":
        renderer = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_as_json)]
    structlog.configure(
        processors=[*shared, *renderer],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        # one write a line, so that lines of several workers do not mix
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", _StandardError())),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [handler for handler in root.handlers if not isinstance(handler, _ToStructlog)]
    root.addHandler(_ToStructlog())
    root.setLevel(max(_LEVELS[level], logging.WARNING) if level != "debug" else logging.INFO)
