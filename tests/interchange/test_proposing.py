"""An edited file becomes a proposal of what was edited: nothing else, and never at the cost of others."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from werkzeug.test import TestResponse

from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.formats import FORMATS, TABLES
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions.draft import save_draft
from tests.factories import a_concept, a_taxonomy, edited
from tests.support.keys import a_key, an_organisation, bearer
from tests.support.proposals import draft_of
from tests.support.published import serving
from tests.support.states import published

Post = Any


@pytest.fixture
def post(database: Database) -> Iterator[Post]:
    """Sends a file to the imports, in the name of a partner."""
    published(database)
    an_organisation(database, "valencia", "partner")
    key, _ = a_key(database, "propose", "review", organisation="valencia")
    with serving(Settings(database_url=database.settings.database_url, accept_own_proposals=True)) as client:

        def send(data: bytes, query: str = "", media: str = "text/csv") -> TestResponse:
            return client.post(f"/api/v1/imports?{query}", data=data, headers=bearer(key), content_type=media)

        send.client, send.key = client, key  # type: ignore[attr-defined]  # for what follows the import
        yield send


def table(state: Taxonomy, *codes: str, **cells: str) -> bytes:
    """The editable table of these concepts, with the cells of the first row that are given."""
    text = b"".join(TABLES["csv"].dump_editable(Taxonomy(state[code] for code in codes))).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    rows[0].update({name.replace("_in_", "@"): value for name, value in cells.items()})
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def test_an_untouched_export_changes_nothing(post: Post) -> None:
    whole = table(a_taxonomy(), *a_taxonomy().concepts)
    assert post(whole, "dry_run=true").json == {
        "changes": [], "concepts_unchanged": 10, "problems": [], "more_problems": 0,
    }  # fmt: skip
    assert (post(whole).status_code, "changes nothing" in post(whole).json["detail"]) == (422, True)


def test_only_edited_cells_become_changes_and_a_plan_writes_nothing(post: Post) -> None:
    data = table(a_taxonomy(), "C001", "C003", label_in_en="A better name")
    plan = post(data, "dry_run=true")
    assert plan.status_code == 200
    fields = {"labels": {"en": {"preferred": "A better name"}}}
    assert plan.json["changes"] == [{"type": "edit", "code": "C001", "fields": fields}]
    made = post(data, "title=From+a+table")
    assert (made.status_code, made.json["proposal"]["title"], made.json["proposal"]["changes"]) == (
        201, "From a table", 1,
    )  # fmt: skip


def test_cells_that_were_left_alone_do_not_undo_what_others_changed_since(post: Post, database: Database) -> None:
    data = table(a_taxonomy(), "C001", label_in_en="A better name")
    with database.transaction() as session:
        save_draft(session, "test", [edited(a_taxonomy(), "C001", definition={"en": "Theirs"})["C001"]])
    proposal = post(data).json["proposal"]
    accept(post, proposal)
    concept = draft_of(database)["C001"]
    assert (concept.labels["en"].preferred, concept.definition) == ("A better name", {"en": "Theirs"})


def accept(post: Post, proposal: dict[str, Any]) -> None:
    for number, verb in enumerate(("submission", "acceptance")):
        tag = f'"{proposal["revision"] + number}"'
        path = f"/api/v1/proposals/{proposal['id']}/{verb}"
        answer = post.client.post(path, json={}, headers=bearer(post.key, If_Match=tag))
        assert answer.status_code == 200, answer.text


def test_a_file_of_a_version_is_compared_with_that_version(post: Post, database: Database) -> None:
    state = edited(a_taxonomy(), "C001", scope_note={"en": "A note"})
    with database.transaction() as session:
        save_draft(session, "test", [edited(a_taxonomy(), "C001", definition={"en": "Theirs"})["C001"]])
    data = b"".join(FORMATS["json"].dump(Taxonomy([state["C001"]])))
    plan = post(data, "from=1.0.0&dry_run=true", "application/json").json
    assert [change["fields"] for change in plan["changes"]] == [{"scope_note": {"en": "A note"}}]
    assert plan["changes"][0]["seen"] == a_taxonomy().digests["C001"]
    against_draft = post(data, "dry_run=true", "application/json").json
    assert "definition" in against_draft["changes"][0]["fields"]


def test_a_workbook_of_the_draft_is_edited_and_sent_back(post: Post, database: Database) -> None:
    sent = post.client.get("/api/v1/draft/export/xlsx", headers=bearer(post.key)).data
    media = TABLES["xlsx"].media_type
    assert post(sent, "dry_run=true", media).json["changes"] == []
    book = openpyxl.load_workbook(io.BytesIO(sent))
    names = [cell.value for cell in book["concepts"][1]]
    row = next(row for row in book["concepts"].iter_rows(min_row=2) if row[0].value == "C001")
    row[names.index("label@en")].value = "=A better name"
    row[names.index("label@en")].data_type = "s"
    edited_one = io.BytesIO()
    book.save(edited_one)
    accept(post, post(edited_one.getvalue(), "", media).json["proposal"])
    found = draft_of(database)
    assert found["C001"].labels["en"].preferred == "=A better name"
    assert found == edited(a_taxonomy(), "C001", labels=dict(found["C001"].labels))


def test_missing_rows_and_columns_are_not_deletions(post: Post) -> None:
    data = b"code,label@en,digest\r\nC001,New," + a_taxonomy().digests["C001"].encode() + b"\r\n"
    plan = post(data, "dry_run=true").json
    assert plan["changes"] == [{"type": "edit", "code": "C001", "fields": {"labels": {"en": {"preferred": "New"}}}}]


def test_a_new_row_is_a_new_concept(post: Post) -> None:
    new = a_concept("technology", "T777")
    data = b"".join(FORMATS["ndjson"].dump(Taxonomy([new])))
    plan = post(data, "dry_run=true", FORMATS["ndjson"].media_type).json
    assert [(change["type"], change["concept"]["code"]) for change in plan["changes"]] == [("add", "T777")]


@pytest.mark.parametrize(
    ("data", "media", "status", "message"),
    [
        (b"code,label@en\r\nC001,a\x00b\r\n", "text/csv", 422, "file.csv:2"),
        (b"code,digest\r\nC001," + b"0" * 64, "text/csv", 422, "never had a content"),
        (b"%PDF", "application/pdf", 415, "text/csv"),
        (b"", "text/csv", 422, "file.csv"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_by_line(
    post: Post, data: bytes, media: str, status: int, message: str
) -> None:
    answer = post(data, "", media)
    assert answer.status_code == status
    assert message in answer.text
