"""The draft reads like a version, with a key, and is never kept; a worker remembers it and sees every change."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from competency_api.core import clock
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.curation.draft.store import DraftStore
from competency_api.formats import FORMATS, TABLES
from competency_api.taxonomy.concept import Labels
from competency_api.versions.draft import save_draft
from competency_api.versions.queries import load_draft
from competency_api.versions.service import record_readers
from tests.factories import a_taxonomy, edited
from tests.support.keys import a_key, an_organisation, bearer
from tests.support.published import serving
from tests.support.sources import ROOT
from tests.support.states import drafted, published, second_state

D = "/api/v1/draft"
SPEC = json.loads((ROOT / "openapi" / "openapi.json").read_text("utf-8"))


@pytest.fixture
def client(database: Database) -> Iterator[tuple[FlaskClient, dict[str, str]]]:
    """A client and its key; the first state is published, the second is in the draft."""
    published(database)
    an_organisation(database, "valencia", "partner")
    with database.transaction() as session:
        drafted(session, second_state())
    key, _ = a_key(database, "propose", organisation="valencia")
    with serving(Settings(database_url=database.settings.database_url, latest_refresh_seconds=0)) as found:
        yield found, bearer(key)


Asked = tuple[FlaskClient, dict[str, str]]


def asked(client: Asked, path: str) -> Any:
    answer = client[0].get(path, headers=client[1])
    assert answer.status_code == 200, answer.text
    assert "public" not in answer.headers["Cache-Control"]
    return answer.json


def test_it_says_what_it_would_be_as_a_version(client: Asked) -> None:
    found = asked(client, D)
    assert (found["parent"], found["smallest"], found["bump"]) == ("1.0.0", "1.1.0", "minor")
    assert found["changes"] == {"added": 1, "replaced": 1, "renamed": 1, "linked": 1}
    assert found["digest"] == second_state().digest


SAME = (
    "/concepts?limit=all&status=active,retired",
    "/concepts?kind=competency&lang=es&fields=code,labels.preferred",
    "/concepts?codes=C001,C999",
    "/concepts?sort=label&lang=es&limit=2",
    "/concepts/C001?include=part_of&lang=es",
    "/tree?lang=es",
    "/tree?below=D001",
    "/search?q=competency&limit=3",
    "/search?q=competency&kind=competency&lang=es&facets=true",
    "/suggest?q=comp&lang=es",
    "/quality?severity=warning",
)
#: What a version has and the draft cannot have, by operation; each with the reason.
ONLY_VERSIONS = {
    "read_version": "number, title, notes, dates, parent and digest are given when it is published",
    "read_changes": "any two versions are compared; the draft with the one that it follows (/draft/changes)",
}
#: Members that follow from the publication itself.
GIVEN_BY_PUBLICATION = {"version", "next", "first_version", "changed_in", "retired_in"}


@pytest.mark.parametrize("path", SAME)
def test_it_answers_exactly_like_the_version_that_it_becomes(client: Asked, database: Database, path: str) -> None:
    draft = asked(client, D + path)
    published(database, second_state())
    version = client[0].get(f"/api/v1/versions/1.1.0{path}").json

    def named(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: named(inner) for name, inner in value.items() if name not in GIVEN_BY_PUBLICATION}
        return [named(inner) for inner in value] if isinstance(value, list) else value

    assert named(draft) == named(version)


def test_every_question_to_a_version_can_be_put_to_the_draft_with_the_same_parameters_and_formats() -> None:
    reads = {path: item["get"] for path, item in SPEC["paths"].items() if "get" in item}
    asked_of_versions = {path: get for path, get in reads.items() if path.startswith("/api/v1/versions/{version}/")}
    assert len(asked_of_versions) > 6

    def described(operation: Any) -> Any:
        names = {parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "query"}
        pages = {"text/html"} if "303" in operation["responses"] else set()
        return names, pages | set(operation["responses"]["200"]["content"])

    for path, operation in asked_of_versions.items():
        of_the_draft = reads[path.replace("/versions/{version}", "/draft")]
        assert described(of_the_draft) == described(operation), path
    both = described(reads[f"{D}/changes"]), described(reads["/api/v1/versions/{older}/changes/{newer}"])
    assert both[0] == both[1]
    others = {get["operationId"] for path, get in reads.items() if path.startswith("/api/v1/versions/{")}
    assert others - {get["operationId"] for get in asked_of_versions.values()} == ONLY_VERSIONS.keys()


def test_a_list_goes_on_in_the_draft_and_its_cursor_is_good_for_nothing_else(client: Asked) -> None:
    first = asked(client, f"{D}/concepts?limit=2&sort=label")
    second = asked(client, f"{D}/concepts?limit=all&sort=label&cursor={first['next']}")
    whole = asked(client, f"{D}/concepts?limit=all&sort=label")
    assert first["items"] + second["items"] == whole["items"]
    for other in ("/concepts?limit=2&cursor=", "/changes?cursor=", "/search?q=comp&cursor="):
        assert client[0].get(f"{D}{other}{first['next']}", headers=client[1]).status_code == 422


@pytest.mark.parametrize("path", ["/concepts.xlsx?kind=competency", "/concepts.csv?kind=competency"])
def test_a_table_of_the_draft_says_what_its_editor_saw(client: Asked, path: str) -> None:
    answer = client[0].get(D + path, headers=client[1])
    (name,) = (name for name in TABLES if name in path)
    entries = TABLES[name].load(answer.data, "file").entries
    assert {entry.code: entry.seen for entry in entries}.items() <= second_state().digests.items()
    refused = client[0].get(f"{D}{path}&fields=code", headers=client[1])
    assert (refused.status_code, refused.json["errors"][0]["parameter"]) == (422, "fields")


def test_its_changes_are_a_table_and_a_page_too(client: Asked) -> None:
    for suffix in ("csv", "xlsx", "html"):
        answer = client[0].get(f"{D}/changes.{suffix}", headers=client[1])
        assert answer.status_code == 200
    assert "From 1.0.0 to the draft" in answer.text


def test_a_concept_is_a_page_whose_links_stay_in_the_draft(client: Asked) -> None:
    page = client[0].get(f"{D}/concepts/T002.html", headers=client[1]).text
    assert "none yet" in page
    assert "/api/v1/versions/" not in page


def test_its_changes_quality_and_impact(client: Asked) -> None:
    changes = asked(client, f"{D}/changes?type=renamed")
    assert [item["code"] for item in changes["items"]] == ["C001"]
    quality = asked(client, f"{D}/quality?severity=error")
    assert (quality["errors"], quality["items"]) == (0, [])
    impact = asked(client, f"{D}/impact")
    outcomes = {concept["code"]: concept["outcome"] for concept in impact["concepts"]}
    assert (outcomes["C001"], outcomes["C002"]) == ("renamed", "replaced")


def test_its_impact_tells_who_reads_what_and_whom_the_new_version_would_reach(
    client: Asked, database: Database
) -> None:
    with database.transaction() as session:
        record_readers(session, clock.today(), {("", "1.0.0"): 9, ("", "1"): 5, ("", "latest"): 2, ("embed", "1.0"): 1})
        record_readers(session, clock.today() - dt.timedelta(days=90), {("", "0.9.0"): 1})
    readers = asked(client, f"{D}/impact")["readers"]
    assert [(one["reference"], one["mark"], one["requests"], one["follows"]) for one in readers] == [
        ("1.0.0", "", 9, False), ("1", "", 5, True), ("latest", "", 2, True), ("1.0", "embed", 1, False),
    ]  # fmt: skip


@pytest.mark.parametrize("name", list(FORMATS))
def test_it_is_downloaded_in_every_format(client: Asked, name: str) -> None:
    answer = client[0].get(f"{D}/export/{name}", headers=client[1])
    assert answer.status_code == 200
    assert "T002" in [entry.code for entry in FORMATS[name].load(answer.data, "file").entries]
    assert client[0].get(f"{D}/export/pdf", headers=client[1]).status_code == 404


def test_without_a_key_there_is_nothing(client: Asked) -> None:
    assert client[0].get(D).status_code == 401
    assert client[0].get(f"{D}/concepts").status_code == 401


def test_a_concept_says_the_digest_that_a_change_refers_to(client: Asked) -> None:
    found = asked(client, f"{D}/concepts/C001?fields=digest,code")
    assert found == {"code": "C001", "version": "draft", "digest": second_state().digests["C001"]}
    assert client[0].get(f"{D}/concepts/C0O1", headers=client[1]).status_code == 404
    absent = client[0].get(f"{D}/concepts/C999", headers=client[1]).json
    assert absent["detail"].startswith("The draft has no concept C999.")


def test_a_worker_sees_every_change_and_keeps_what_did_not_change(database: Database) -> None:
    store = DraftStore()
    published(database)
    with database.reading(fresh=True) as session:
        first = store.draft(session)
        assert store.draft(session) is first
        made = store.beside(first, list)
        assert store.beside(first, list) is made
    with database.transaction() as session:
        save_draft(session, "test", [edited(a_taxonomy(), "C001", labels={"en": Labels(preferred="X")})["C001"]])
    with database.reading(fresh=True) as session:
        second = store.draft(session)
        assert (second, second.digest) == (load_draft(session), load_draft(session).digest)
        assert second["C002"] is first["C002"]
        assert store.beside(second, list) is not made
