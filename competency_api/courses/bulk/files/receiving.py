"""Files as requests bring them: one in the body, or up to two as a form; kept in temporary files."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO, NamedTuple, cast

from competency_api.core.errors import FieldError, InvalidInput
from competency_api.courses.bulk.files.inputs import Input, format_of

_PIECE = 2**20
#: Bytes of a file that are kept in memory.
_IN_MEMORY = 2**20
_MOST_FILES = 2


class Received(NamedTuple):
    """The files of an import, their size together, and what tells them from others."""

    files: list[Input]
    size: int
    digest: str


@contextmanager
def received(sent: Iterable[tuple[str, str, Iterable[bytes]]]) -> Iterator[Received]:
    """Files by their name, their media type and their pieces. Raises UnsupportedMediaType and InvalidInput."""
    digest, files, size = hashlib.sha256(), [], 0
    with ExitStack() as stack:
        for name, media_type, pieces in sent:
            stream = stack.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
            written = format_of(media_type, name)
            digest.update(f"{name}\0{written}\0".encode())
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                stream.write(piece)
            files.append(Input(name, written, cast(BinaryIO, stream)))
        if not 0 < len(files) <= _MOST_FILES:
            raise InvalidInput(FieldError("Send one file, or two: courses and mappings.", pointer=""))
        yield Received(files, size, digest.hexdigest())


def pieces_of(stream: Any) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece


def described(files: Iterable[Input]) -> list[Mapping[str, str]]:
    """The files without their content, for a job."""
    return [{"name": file.name, "format": file.format} for file in files]
