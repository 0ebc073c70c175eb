"""Who sends a key, and when it was last used.

Every request with a key looks it up, so that a revocation holds from the next request on, in every worker. That a key
was used is noted in memory and written at most once a minute: a row that every request writes would make them wait for
each other.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from multiprocessing.util import Finalize
from typing import cast

import structlog
from sqlalchemy import orm

from competency_api.accounts import keys, queries
from competency_api.accounts.models import KeyRow
from competency_api.accounts.values import COMMAND_LINE, Actor, permitted_scopes
from competency_api.core import clock
from competency_api.core.db import Database
from competency_api.core.errors import InvalidKey
from competency_api.core.http import access

log = structlog.get_logger(__name__)

#: Hashes of keys that were valid lately, to tell their senders from those who try.
_FAMILIAR = 10_000
_FLUSH_SECONDS = 60.0
_UNKNOWN = "The key is not known."


class Authentication:
    """What knows the keys of an application. ``uses`` is told of every use."""

    def __init__(self, database: Database, uses: LastUses) -> None:
        self._database = database
        self._uses = uses
        self._familiar: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def is_familiar(self, secret: str) -> bool:
        """Whether it was valid lately in this process: no promise that it still is."""
        return keys.digest_of_secret(secret) in self._familiar

    def caller(self, secret: str) -> Actor:
        """Whoever the key belongs to. Raises InvalidKey."""
        if not keys.is_secret(secret):
            raise InvalidKey(f"{_UNKNOWN} Keys begin with {keys.PREFIX} and have {len(keys.new_secret())} characters.")
        with self._database.reading(fresh=True) as session:
            row, actor = authenticate(session, secret, clock.now())
        self._uses.note(row.id, clock.now())
        self._remember(row.digest)
        return actor

    def _remember(self, digest: str) -> None:
        with self._lock:
            self._familiar[digest] = None
            self._familiar.move_to_end(digest)
            while len(self._familiar) > _FAMILIAR:
                self._familiar.popitem(last=False)


def authenticate(session: orm.Session, secret: str, now: dt.datetime) -> tuple[KeyRow, Actor]:
    """The key and whoever it belongs to. Raises InvalidKey when it is not valid at ``now``.

    What it may do is what it was given, within what its organisation and its person may do today.
    """
    row = queries.find_key_by_digest(session, keys.digest_of_secret(secret))
    fault = _UNKNOWN if row is None else _fault_of(row, now)
    if row is None or fault:
        log.warning("key.refused", prefix=keys.shown_part(secret), reason=fault)
        raise InvalidKey(fault or _UNKNOWN)
    scopes = frozenset(row.scopes.split()) & permitted_scopes(
        row.organisation.kind if row.organisation else None, row.person.role if row.person else None
    )
    owner = row.person or row.organisation
    name = f"{owner.name} ({row.name})" if owner else row.name
    return row, Actor(
        name,
        scopes,
        row.uuid,
        row.organisation_id,
        organisation=row.organisation.code if row.organisation else None,
        organisation_kind=row.organisation.kind if row.organisation else None,
        organisation_name=row.organisation.name if row.organisation else None,
        person=row.person.uuid if row.person else None,
        role=row.person.role if row.person else None,
    )


def actor() -> Actor:
    """Whoever sent the present request, whose operation declared a scope."""
    return cast(Actor, access.caller())


def acting(session: orm.Session, secret: str | None) -> Actor:
    """Whoever runs a command: the owner of the key that was given, without one the command line itself.

    Whoever can run a command reaches the database anyway; a key says in whose name they do it. Raises InvalidKey.
    """
    return COMMAND_LINE if secret is None else authenticate(session, secret, clock.now())[1]


def _fault_of(row: KeyRow, now: dt.datetime) -> str | None:
    status = keys.status_of(row, now)
    if status != "active":
        moment = row.revoked_at if status == "revoked" else row.expires_at
        return f"The key {'was revoked' if status == 'revoked' else 'expired'} at {clock.iso(moment or now)}."
    if row.person is not None and not row.person.active:
        return "The person that the key belongs to is not active."
    if row.organisation is not None and not row.organisation.active:
        return "The organisation that the key belongs to is not active."
    return None


class LastUses:
    """When keys were used, to the minute, until they are written by ``write``: every minute, and at the end."""

    def __init__(self, write: Callable[[Mapping[int, dt.datetime]], None]) -> None:
        self._write = write
        self._noted: dict[int, dt.datetime] = {}
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._writer: threading.Thread | None = None
        self._ended = threading.Event()
        self._at_exit: Finalize | None = None

    def note(self, key_id: int, moment: dt.datetime) -> None:
        with self._lock:
            self._noted[key_id] = moment.replace(second=0)
            if self._writer is None and not self._ended.is_set():
                # not when the application is made: a worker process may begin after that
                self._writer = threading.Thread(target=self._flush_for_ever, daemon=True, name="key-uses")
                self._writer.start()
                # of multiprocessing and not of atexit: workers of a server end without the latter
                self._at_exit = Finalize(None, self.flush, exitpriority=1)

    def _flush_for_ever(self) -> None:
        while not self._ended.wait(_FLUSH_SECONDS):
            self.flush()

    def close(self) -> None:
        """Write what is left; whoever made this has nothing of it running or waiting any more."""
        self._ended.set()
        if self._writer is not None:
            self._writer.join()
        if self._at_exit is not None:
            self._at_exit.cancel()
        self.flush()

    def flush(self) -> None:
        """Write what was noted since the last time. What cannot be written now is written the next time."""
        with self._writing:
            with self._lock:
                noted, self._noted = self._noted, {}
            if not noted:
                return
            try:
                self._write(noted)
            except Exception:  # neither a request nor the thread may end because of a statistic
                log.exception("key-uses.failed", keys=len(noted))
                with self._lock:
                    self._noted = noted | self._noted
