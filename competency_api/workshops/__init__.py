"""Workshops: a room of practitioners ranks what is needed, and the taxonomy hears it."""

from __future__ import annotations

import os

# Before numpy is imported anywhere below: products of this size gain nothing from threads, and where all cores were
# busy, threads that wait for each other made ranking take twice as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
