"""When a delivery is tried again, and when it is given up: over three days, each delay a little different.

The schedule is that of Standard Webhooks. Jitter keeps the deliveries that one outage stopped from coming back all at
once.
"""

from __future__ import annotations

import datetime as dt

#: Seconds from one attempt to the next.
DELAYS = (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
#: Attempts that one delivery gets.
ATTEMPTS = len(DELAYS) + 1
#: Share by which a delay differs from the schedule at most.
JITTER = 0.2
#: The longest that a receiver may ask us to wait (``Retry-After``).
PATIENCE = dt.timedelta(days=1)


def delay_after(attempts: int, chance: float, asked: dt.timedelta | None = None) -> dt.timedelta | None:
    """How long to wait after this many attempts; None: given up. ``chance`` is random, from 0 up to 1.

    ``asked`` is what the receiver asked for; it is not asked again sooner.
    """
    if attempts >= ATTEMPTS:
        return None
    usual = dt.timedelta(seconds=DELAYS[attempts - 1] * (1 + JITTER * (2 * chance - 1)))
    return usual if asked is None else max(usual, min(asked, PATIENCE))


def asked_delay(retry_after: str | None) -> dt.timedelta | None:
    """What ``Retry-After`` says in seconds; a date there is not worth the trouble."""
    if retry_after is None or not (retry_after.isascii() and retry_after.isdigit()) or len(retry_after) > 9:
        return None
    return dt.timedelta(seconds=int(retry_after))
