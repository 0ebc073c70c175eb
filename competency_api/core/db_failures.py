"""What the databases' own errors mean to people. Anything not listed is a defect of ours and stays as it is."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from competency_api.core.errors import Conflict, DatabaseUnavailable, ServiceError
from competency_api.core.settings_values import without_password

_NOT_MIGRATED = "The database has no tables yet, or old ones: run `competency-api migrate`."
_BUSY = "The database is busy; try again in a moment."
_TAKEN = "It clashes with something that is already stored under the same key."

# by sqlite_errorname; names with a suffix (SQLITE_CANTOPEN_ISDIR) are matched by their beginning
_SQLITE = {
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_CANTOPEN": "The database file {url} cannot be opened: is its folder there and writable?",
    "SQLITE_READONLY": "The database file {url} cannot be written: check the rights of the file and of its folder.",
    "SQLITE_FULL": "The disk of the database {url} is full.",
    "SQLITE_IOERR": "The disk of the database {url} cannot be read or written.",
    "SQLITE_NOTADB": "The file {url} is not an SQLite database.",
    "SQLITE_CORRUPT": "The database file {url} is damaged; restore it from a backup.",
}

# by SQLSTATE, or its class of two characters
_POSTGRESQL = {
    "42P01": _NOT_MIGRATED,
    "42703": _NOT_MIGRATED,
    "55P03": _BUSY,
    "40001": _BUSY,
    "40P01": _BUSY,
    "57014": _BUSY,
    "53": "The database has no room or no connection left; try again in a moment.",
    "57P": "The database is starting or stopping; try again in a moment.",
    "08": "The database {url} cannot be reached.",
    "25006": "The database {url} takes no changes now (it is read-only).",
}


# A write inside a reading session is a defect of ours, and must show as one.
_READ_ONLY = (_SQLITE["SQLITE_READONLY"], _POSTGRESQL["25006"])


def service_error(error: DBAPIError | PoolTimeout, url: str, *, writing: bool) -> ServiceError | None:
    """The exception of ours that says the same, or None."""
    if isinstance(error, PoolTimeout):
        return DatabaseUnavailable(_BUSY)
    if _is_taken(error):
        return Conflict(_TAKEN)
    text = _sqlite_text(error) if url.startswith("sqlite") else _postgresql_text(error)
    if text is None or (text in _READ_ONLY and not writing):
        return None
    return DatabaseUnavailable(text.format(url=without_password(url)))


def _is_taken(error: DBAPIError) -> bool:
    name = getattr(error.orig, "sqlite_errorname", "")
    return name in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY") or _sqlstate(error) == "23505"


def _sqlstate(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _sqlite_text(error: DBAPIError) -> str | None:
    name = getattr(error.orig, "sqlite_errorname", "")
    if name == "SQLITE_ERROR" and str(error.orig).startswith(("no such table", "no such column")):
        return _NOT_MIGRATED
    return next((text for start, text in _SQLITE.items() if name.startswith(start)), None)


def _postgresql_text(error: DBAPIError) -> str | None:
    state = _sqlstate(error)
    if state:
        return next((text for start, text in _POSTGRESQL.items() if state.startswith(start)), None)
    # psycopg gives no SQLSTATE when there was no connection to get one from
    return _POSTGRESQL["08"] if isinstance(error, OperationalError) else None
