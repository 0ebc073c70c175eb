"""Rows that wait to be written: in memory while they are few, in a temporary file beyond."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Any

import msgspec

#: Rows that are kept in memory: about 60 MB.
IN_MEMORY = 200_000
_LENGTH_BYTES = 8


class Spool:
    """Chunks of rows in the order in which they were added; read as often as one likes."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._in_memory = in_memory
        self._chunks: list[list[tuple[Any, ...]]] = []
        self._file: IO[bytes] | None = None
        self.count = 0

    def add(self, rows: list[tuple[Any, ...]]) -> None:
        self.count += len(rows)
        if self.count <= self._in_memory:
            self._chunks.append(rows)
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115  # closed by close()
        packed = msgspec.msgpack.encode(rows)
        self._file.write(len(packed).to_bytes(_LENGTH_BYTES, "big") + packed)

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for chunk in self._chunks:
            yield from chunk
        if self._file is not None:
            self._file.seek(0)
            while head := self._file.read(_LENGTH_BYTES):
                yield from msgspec.msgpack.decode(self._file.read(int.from_bytes(head, "big")))

    def close(self) -> None:
        self._chunks.clear()
        if self._file is not None:
            self._file.close()
