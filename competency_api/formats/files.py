"""Files and folders of files to documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from competency_api.core.nearest import nearest
from competency_api.core.text import printable
from competency_api.formats import FORMATS
from competency_api.formats.document import Document, Format, Place
from competency_api.formats.json_format import load_manifest

#: In a folder, the file with the header of the version that the other files make up.
MANIFEST = "version.json"

_BY_SUFFIX: Mapping[str, Format] = MappingProxyType({format_.suffix: format_ for format_ in FORMATS.values()})


def read_path(path: Path) -> Iterator[Document]:
    """The documents of a file, or of a folder in the order of names, one by one.

    A folder's files of our endings count, its manifest, and no hidden ones; what else lies there (a README, a licence)
    is passed over, sub-folders too. Whatever cannot be read is a document with that problem.
    """
    if not path.is_dir():
        yield _read_file(path)
        return
    files = _files_in(path)
    yield from (_read_file(file) for file in files)
    if not files:
        yield Document.refused(Place(str(path)), f"The folder has no file that ends in {_endings()}.{_versions(path)}")


def _files_in(folder: Path) -> list[Path]:
    """Files that can hold concepts, and the manifest; sorted by name, so that problems come in the same order."""
    files = sorted(file for file in folder.iterdir() if file.is_file() and not file.name.startswith("."))
    return [file for file in files if file.suffix.lower() in _BY_SUFFIX]


def _read_file(file: Path) -> Document:
    source = str(file)
    format_ = _BY_SUFFIX.get(file.suffix.lower())
    if format_ is None:
        near = nearest(file.suffix, _BY_SUFFIX, limit=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        message = f'The ending "{printable(file.suffix)}" is not known; a file ends in {_endings()}.{hint}'
        return Document.refused(Place(source), message, file.suffix)
    try:
        data = file.read_bytes()
    except OSError as error:
        return Document.refused(Place(source), f"The file cannot be read: {error.strerror or error}.")
    return load_manifest(data, source) if file.name == MANIFEST else format_.load(data, source)


def _endings() -> str:
    *first, last = _BY_SUFFIX
    return f"{', '.join(first)} or {last}"


def _versions(folder: Path) -> str:
    """A hint when the folder holds one sub-folder per version, as the seeds do."""
    folders = sorted(child.name for child in folder.iterdir() if (child / MANIFEST).is_file())
    return f" Name one of its folders: {', '.join(folders[:5])}." if folders else ""
