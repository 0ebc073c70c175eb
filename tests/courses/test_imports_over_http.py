"""Catalogues sent as files over HTTP: at once, or as a job that a worker does."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from competency_api.core.db import Database
from competency_api.courses.bulk.worker import KIND
from competency_api.courses.ledger.checking import check_sums
from competency_api.jobs import worker as jobs
from competency_api.operations.worker import HANDLERS
from tests.courses.test_importing import COURSES, MAPPINGS, NDJSON, count
from tests.support.courses import mapped, serving_providers
from tests.support.keys import bearer
from tests.support.processes import processes

IMPORTS = "/api/v1/providers/gov/imports"


def send(client: FlaskClient, key: str, text: str, media_type: str = "text/csv", query: str = "", **fields: str) -> Any:
    return client.post(f"{IMPORTS}{query}", data=text.encode(), content_type=media_type, headers=bearer(key, **fields))


def test_files_are_sent_one_after_the_other_or_in_a_form(database: Database) -> None:
    with serving_providers(database) as (client, key, _):
        planned = send(client, key, COURSES, query="?dry_run=true")
        assert planned.json["courses"] == {"added": 2, "changed": 0, "unchanged": 0, "removed": 0}
        assert planned.json["written"] is False
        assert send(client, key, COURSES).json["written"] is True
        assert send(client, key, MAPPINGS).json["mappings"]["added"] == 3
        form = {
            "courses": (io.BytesIO(COURSES.encode()), "c.csv"),
            "mappings": (io.BytesIO(MAPPINGS.encode()), "m.csv"),
        }
        both = client.post(f"{IMPORTS}?whole=true", data=form, headers=bearer(key))
        assert (both.json["courses"]["unchanged"], both.json["mappings"]["unchanged"]) == (2, 3)
        again = send(client, key, NDJSON, "application/x-ndjson", "?dry_run=true")
        assert again.json["examples"][0] == {
            "what": "added", "line": 2, "course": "SC-2", "concept": "C001", "relation": "assesses",
        }  # fmt: skip


def test_what_is_wrong_is_a_problem_with_lines_and_nothing_is_written(database: Database) -> None:
    with serving_providers(database) as (client, key, other):
        wrong = send(client, key, COURSES + "SC-3,,,,,,,,\n")
        assert wrong.status_code == 422
        assert wrong.json["problems"] == [
            {"source": "file.csv", "line": 4, "column": None, "field": "title", "value": None,
             "message": "It must have a title in some language."}
        ]  # fmt: skip
        assert wrong.json["errors"][0]["detail"] == "file.csv:4: title: It must have a title in some language."
        assert send(client, key, COURSES, "text/plain").status_code == 415
        assert send(client, key, "").status_code == 422
        assert send(client, key, COURSES, query="?version=9").status_code == 404
        assert send(client, other, COURSES).status_code == 404
        assert client.post(IMPORTS, data={}, content_type="multipart/form-data", headers=bearer(key)).status_code == 422
        assert count(database, "course") == 0


def test_a_repeated_import_is_answered_as_the_first_one(database: Database) -> None:
    with serving_providers(database) as (client, key, _):
        first, second = (send(client, key, COURSES, Idempotency_Key="one") for _ in range(2))
        assert first.json == second.json
        assert first.json["courses"]["added"] == 2
        assert send(client, key, MAPPINGS, Idempotency_Key="one").status_code == 422


def test_a_file_beyond_the_bound_is_refused(database: Database) -> None:
    with serving_providers(database, max_import_bytes=2000) as (client, key, _):
        assert send(client, key, COURSES + "#" * 2000).status_code == 413
        assert send(client, key, COURSES).status_code == 200


def test_a_large_file_becomes_a_job_that_a_worker_does(database: Database) -> None:
    with serving_providers(database, import_bytes_at_once=10) as (client, key, other):
        fields = {"Idempotency_Key": "one"}
        taken = send(client, key, COURSES, **fields)
        assert (taken.status_code, taken.json["kind"], taken.json["state"]) == (202, KIND, "waiting")
        assert send(client, key, COURSES, **fields).headers["Location"] == taken.headers["Location"]
        assert client.get(taken.headers["Location"], headers=bearer(other)).status_code == 404
        wrong = send(client, key, "external_id,title@en\nx,\n")
        assert jobs.Worker(database, database.settings, HANDLERS).run_once() == 2
        done = client.get(taken.headers["Location"], headers=bearer(key)).json
        assert (done["state"], done["result"]["courses"]["added"]) == ("done", 2)
        failed = client.get(wrong.headers["Location"], headers=bearer(key)).json
        assert (failed["state"], failed["problem"]["code"]) == ("failed", "invalid-input")
        assert failed["problem"]["problems"][0]["line"] == 2
        listed = client.get("/api/v1/jobs?state=done", headers=bearer(key)).json["items"]
        assert [job["id"] for job in listed] == [done["id"]]
        assert count(database, "job_file") == 0
        assert count(database, "course") == 2


def test_a_job_that_breaks_again_and_again_is_given_up(database: Database) -> None:
    def broken(_task: jobs.Task) -> None:
        raise ZeroDivisionError

    with serving_providers(database, import_bytes_at_once=10) as (client, key, _):
        location = send(client, key, COURSES).headers["Location"]
        for _ in range(4):
            with database.transaction() as session:
                session.execute(sa.text("UPDATE job SET due_at = created_at"))
            jobs.Worker(database, database.settings, {KIND: broken}).run_once()
        assert client.get(location, headers=bearer(key)).json["state"] == "failed"


@pytest.mark.slow
def test_a_job_whose_workers_are_killed_is_done_once_and_whole(database: Database, tmp_path: Path) -> None:
    """Killed while reading and while writing; what was written then is undone, and another worker begins anew."""
    rows = [f"SC-{1 + n % 2},{code},{relation}" for n in range(2) for code in ("C001", "C003", "T001", "T002", "B001")
            for relation in ("teaches", "assesses", "requires")]  # fmt: skip
    filler = "".join(f"N-{n},Course {n}\n" for n in range(20_000))
    with (
        serving_providers(database, import_bytes_at_once=10) as (client, key, _),
        processes(database, JOB_TAKEOVER_SECONDS="1") as own,
    ):
        send(client, key, COURSES)
        jobs.Worker(database, database.settings, HANDLERS).run_once()
        form = {
            "courses": (io.BytesIO(("external_id,title@en\n" + filler).encode()), "c.csv"),
            "mappings": (io.BytesIO(("course,concept,relation\n" + "\n".join(rows)).encode()), "m.csv"),
        }
        location = client.post(IMPORTS, data=form, headers=bearer(key)).headers["Location"]
        for delay in (0.05, 0.4, 0.8):
            process = own.work(tmp_path / "claims")
            time.sleep(delay)
            own.kill(process)
            written = count(database, "course"), count(database, "mapping")
            assert written in ((2, 0), (20_002, 30))
            with database.transaction() as session:
                session.execute(sa.text("UPDATE job SET due_at = created_at, attempts = 0 WHERE state <> 'done'"))
        jobs.Worker(database, database.settings, HANDLERS).run_once()
        done = client.get(location, headers=bearer(key)).json
        assert (done["state"], done["result"]["mappings"]["added"]) == ("done", 30)
    assert len(mapped(database)) == 30
    with database.reading(fresh=True) as session:
        assert check_sums(session).is_good
