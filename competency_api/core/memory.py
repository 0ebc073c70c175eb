"""Memory while much is read at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """While many small values are made: what was in memory before is not looked through again and again.

    A loaded version is hundreds of thousands of objects, none of which becomes garbage; looking through them took two
    thirds of the time of reading a file. Threads may use it at once: then it merely helps less.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
