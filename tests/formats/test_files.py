"""Files and folders: which are read, in which order, and what is said of the others."""

from __future__ import annotations

from pathlib import Path

from competency_api.formats.files import MANIFEST, read_path
from tests.factories import a_taxonomy
from tests.support.files import as_file, problems_of


def written(folder: Path, **files: bytes) -> Path:
    for name, data in files.items():
        (folder / name.replace("_", ".")).write_bytes(data)
    return folder


def problem_of(path: Path) -> str:
    (document,) = read_path(path)
    (problem,) = problems_of(document)
    return problem


def test_a_folder_is_read_in_the_order_of_names_and_only_our_files(tmp_path: Path) -> None:
    data = {name: as_file(name, a_taxonomy()) for name in ("json", "ndjson", "csv")}
    written(
        tmp_path, b_json=data["json"], a_NDJSON=data["ndjson"], c_csv=data["csv"], README_md=b"x", _hidden_json=b"x"
    )
    (tmp_path / "sub.json").mkdir()
    (tmp_path / MANIFEST).write_text('{"number": "1.0.0"}')
    documents = list(read_path(tmp_path))
    assert [Path(document.source).name for document in documents] == ["a.NDJSON", "b.json", "c.csv", "version.json"]
    assert [len(document.entries) for document in documents] == [10, 10, 10, 0]
    assert documents[3].header is not None
    assert documents[3].header.number == "1.0.0"


def test_an_unknown_ending_is_told_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "x.jsn").touch()
    assert 'The ending ".jsn" is not known; a file ends in .json, .ndjson, .csv or .xlsx.' in problem_of(
        tmp_path / "x.jsn"
    )
    assert 'Did you mean ".json"?' in problem_of(tmp_path / "x.jsn")


def test_a_folder_without_files_is_told_and_one_with_versions_names_them(tmp_path: Path) -> None:
    assert problem_of(tmp_path).endswith("The folder has no file that ends in .json, .ndjson, .csv or .xlsx.")
    (tmp_path / "1.0.0").mkdir()
    (tmp_path / "1.0.0" / MANIFEST).touch()
    assert problem_of(tmp_path).endswith("Name one of its folders: 1.0.0.")


def test_a_file_that_cannot_be_opened_is_a_problem_and_no_exception(tmp_path: Path) -> None:
    assert problem_of(tmp_path / "absent.json").endswith("The file cannot be read: No such file or directory.")
