"""Limits of how often something may happen: token buckets in bounded memory.

A bucket holds at most ``capacity`` tokens and is refilled evenly, so that it is full again after ``seconds``. Over any
time ``t`` it gives at most ``capacity + t * capacity / seconds`` tokens. A bucket that is full again need not be
remembered, so that memory follows the number of those who asked lately.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass

#: Buckets that one process remembers. Beyond it those that were used longest ago are forgotten, which fills them.
MOST_BUCKETS = 50_000
#: What moments as floats may lack when the stated time has passed. It is owed by the next token.
_ROUNDING = 1e-7


@dataclass(frozen=True)
class Limit:
    """``capacity`` at once and every ``seconds``; ``name`` is how clients know it. A capacity of 0 is no limit."""

    name: str
    capacity: int
    seconds: int = 60

    @property
    def policy(self) -> str:
        """As a ``RateLimit-Policy`` field has it."""
        return f'"{self.name}";q={self.capacity};w={self.seconds}'


@dataclass(frozen=True)
class Quota:
    """What is left of a limit: whether a request is within, and the seconds until there is a token again."""

    limit: Limit
    is_within: bool
    remaining: int
    seconds_to_full: int
    retry_after: int

    @property
    def field(self) -> str:
        """As a ``RateLimit`` field has it."""
        return f'"{self.limit.name}";r={self.remaining};t={self.seconds_to_full}'


class Buckets:
    """The buckets of one limit, by whom they count. Safe to use from many threads."""

    def __init__(self, limit: Limit, most: int = MOST_BUCKETS) -> None:
        self.limit = limit
        self._most = most
        #: name -> (tokens, the moment they were counted), the one that was used last at the end
        self._tokens: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._tokens)

    def take(self, name: str, now: float) -> Quota:
        """Take a token, if there is one. ``now`` is a moment in seconds that never goes back."""
        return self._asked(name, now, 1)

    def look(self, name: str, now: float) -> Quota:
        """What taking one would give, without taking it."""
        return self._asked(name, now, 0)

    def _asked(self, name: str, now: float, taken: int) -> Quota:
        capacity = self.limit.capacity
        if not capacity:
            return Quota(self.limit, True, 0, 0, 0)
        with self._lock:
            tokens, counted = self._tokens.get(name, (float(capacity), now))
            tokens = min(float(capacity), tokens + max(0.0, now - counted) * capacity / self.limit.seconds)
            is_within = tokens >= 1 - _ROUNDING
            if taken:
                tokens -= is_within
                self._tokens[name] = (tokens, max(now, counted))
                self._tokens.move_to_end(name)
                while len(self._tokens) > self._most:
                    self._tokens.popitem(last=False)
        return self._quota(tokens, is_within)

    def _quota(self, tokens: float, is_within: bool) -> Quota:
        each = self.limit.seconds / self.limit.capacity
        to_full = math.ceil((self.limit.capacity - tokens) * each)
        return Quota(self.limit, is_within, int(tokens), to_full, max(1, math.ceil((1 - tokens) * each)))
