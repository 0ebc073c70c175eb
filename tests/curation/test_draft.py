"""The draft reads like a version, with a key, and is never kept; a worker remembers it and sees every change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.curation.draft.store import DraftStore
from competency_api.taxonomy.concept import Labels
from competency_api.versions.draft import save_draft
from competency_api.versions.queries import load_draft
from tests.factories import a_taxonomy, edited
from tests.support.keys import a_key, an_organisation, bearer
from tests.support.published import serving
from tests.support.states import drafted, published, second_state

D = "/api/v1/draft"


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
    "/tree?lang=es",
    "/tree?below=D001",
    "/search?q=competency&limit=3",
    "/suggest?q=comp&lang=es",
)


@pytest.mark.parametrize("path", SAME)
def test_it_answers_exactly_like_the_version_that_it_becomes(client: Asked, database: Database, path: str) -> None:
    draft = asked(client, D + path)
    published(database, second_state())
    version = client[0].get(f"/api/v1/versions/1.1.0{path}").json

    def named(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: named(inner) for name, inner in value.items() if name not in ("version", "next")}
        return [named(inner) for inner in value] if isinstance(value, list) else value

    assert named(draft) == named(version)


def test_its_changes_quality_and_impact(client: Asked) -> None:
    changes = asked(client, f"{D}/changes?type=renamed")
    assert [item["code"] for item in changes["items"]] == ["C001"]
    quality = asked(client, f"{D}/quality?severity=error")
    assert (quality["errors"], quality["items"]) == (0, [])
    impact = asked(client, f"{D}/impact")
    outcomes = {concept["code"]: concept["outcome"] for concept in impact["concepts"]}
    assert (outcomes["C001"], outcomes["C002"]) == ("renamed", "replaced")


@pytest.mark.parametrize("name", ["json", "ndjson", "csv"])
def test_it_is_downloaded_in_every_format(client: Asked, name: str) -> None:
    answer = client[0].get(f"{D}/export/{name}", headers=client[1])
    assert answer.status_code == 200
    assert "T002" in answer.text
    assert client[0].get(f"{D}/export/pdf", headers=client[1]).status_code == 404


def test_without_a_key_there_is_nothing(client: Asked) -> None:
    assert client[0].get(D).status_code == 401
    assert client[0].get(f"{D}/concepts").status_code == 401


def test_a_concept_says_the_digest_that_a_change_refers_to(client: Asked) -> None:
    found = asked(client, f"{D}/concepts/C001?fields=digest,code")
    assert found == {"code": "C001", "version": "draft", "digest": second_state().digests["C001"]}
    assert client[0].get(f"{D}/concepts/C0O1", headers=client[1]).status_code == 404


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
