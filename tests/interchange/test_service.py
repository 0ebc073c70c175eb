"""Imports and seeding in a database: all or nothing, once, and on from where it stopped."""

from __future__ import annotations

import dataclasses
import json
import threading
from pathlib import Path

import pytest

from competency_api.core.db import Database
from competency_api.core.errors import DatabaseUnavailable
from competency_api.core.migrations import shipped_folder
from competency_api.core.signatures import new_private_key, read_signer
from competency_api.formats.files import MANIFEST, read_path
from competency_api.interchange import cli
from competency_api.interchange.cli import seed_if_empty
from competency_api.interchange.seeds import list_seeds
from competency_api.interchange.service import ImportRefused, import_documents, plan_documents, publish_next_seed
from competency_api.taxonomy.concept import Labels
from competency_api.taxonomy.taxonomy import Taxonomy
from competency_api.versions import queries
from competency_api.versions.draft import save_draft
from competency_api.versions.service import publish_version
from competency_api.versions.values import PublicationRequest
from competency_api.versions.verification import verify_versions
from tests.factories import a_concept, a_taxonomy, edited
from tests.support.files import as_file, csv_file, read
from tests.support.states import ACTOR, drafted, published, second_state


def seeds_in(folder: Path, **states: Taxonomy) -> Path:
    """A seeds folder with a version per state, named ``v1_0_0``."""
    for name, state in states.items():
        number = name[1:].replace("_", ".")
        (folder / number).mkdir()
        (folder / number / "concepts.json").write_bytes(as_file("json", state))
        manifest = {"number": number, "title": f"Version {number}", "valid_from": "2020-01-01"}
        (folder / number / MANIFEST).write_text(json.dumps(manifest))
    return folder


def numbers(database: Database) -> list[str]:
    with database.reading() as session:
        return [str(version.number) for version in queries.list_versions(session)]


def draft_of(database: Database) -> Taxonomy:
    with database.reading() as session:
        return queries.load_draft(session)


def test_an_import_goes_to_the_draft(database: Database) -> None:
    document = read("json", as_file("json", a_taxonomy()))
    with database.transaction() as session:
        plan = import_documents(session, ACTOR, [document])
    assert len(plan.added) == 10
    assert draft_of(database) == a_taxonomy()
    with database.reading() as session:
        assert plan_documents(session, [document]).unchanged == 10


def test_a_refused_import_writes_nothing(database: Database) -> None:
    with database.transaction() as session:
        drafted(session)
    document = read("csv", csv_file("code,label@en,requires", "C001,New,", "C002,Other,C404"))
    with pytest.raises(ImportRefused, match="C404") as refused, database.transaction() as session:
        import_documents(session, ACTOR, [document])
    assert len(refused.value.plan.problems) == 1
    assert draft_of(database) == a_taxonomy()


def test_a_plan_writes_nothing(database: Database) -> None:
    with database.reading() as session:
        plan = plan_documents(session, [read("json", as_file("json", a_taxonomy()))])
    assert len(plan.concepts) == 10
    assert len(draft_of(database)) == 0


def test_an_older_export_does_not_take_back_what_a_version_promised(database: Database) -> None:
    published(database, edited(a_taxonomy(), "C001", meaning=2))
    document = read("json", as_file("json", edited(a_taxonomy(), "C001", labels={"en": Labels(preferred="Old")})))
    with database.transaction() as session:
        import_documents(session, ACTOR, [document])
    assert draft_of(database)["C001"].meaning == 2


def test_seeding_publishes_every_version_of_the_starter(database: Database) -> None:
    told: list[str] = []
    versions = seed_if_empty(database, shipped_folder("seeds"), ACTOR, told.append)
    assert numbers(database) == [str(version.number) for version in versions] == ["1.0.0", "2.0.0"]
    assert (versions[1].title, str(versions[1].valid_from)) != ("", "")
    assert told[0] == "Importing 1.0.0 …"
    stated = {entry.code for document in read_path(shipped_folder("seeds") / "2.0.0") for entry in document.entries}
    assert set(draft_of(database).concepts) >= stated


def test_seeding_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    folder = seeds_in(tmp_path, v1_0_0=a_taxonomy(), v1_1_0=second_state())
    first = seed_if_empty(database, folder)
    assert [str(version.number) for version in first] == ["1.0.0", "1.1.0"]
    assert seed_if_empty(database, folder) == []
    assert numbers(database) == ["1.0.0", "1.1.0"]


def test_seeds_are_signed_where_the_deployment_has_a_key(database: Database, tmp_path: Path) -> None:
    private = new_private_key()
    own = Database(dataclasses.replace(database.settings, signing_key=private))
    seed_if_empty(own, seeds_in(tmp_path, v1_0_0=a_taxonomy(), v1_1_0=second_state()))
    own.close()
    with database.reading(fresh=True) as session:
        keys = [version.signature and version.signature.key_id for version in queries.list_versions(session)]
        result = verify_versions(session)
    assert keys == [read_signer(private).key_id] * 2
    assert (result.signed, result.faults) == (2, ())


def test_an_interrupted_seeding_goes_on_where_it_stopped(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = seeds_in(tmp_path, v1_0_0=a_taxonomy(), v1_1_0=second_state())
    publish = publish_next_seed
    calls: list[int] = []

    def dies_in_the_second(*given):  # type: ignore[no-untyped-def]  # stands in for the real one
        version = publish(*given)
        calls.append(1)
        if len(calls) == 2:
            raise DatabaseUnavailable("killed before the commit")
        return version

    monkeypatch.setattr(cli, "publish_next_seed", dies_in_the_second)
    with pytest.raises(DatabaseUnavailable):
        seed_if_empty(database, folder)
    assert numbers(database) == ["1.0.0"]
    assert draft_of(database) == a_taxonomy()
    assert [str(version.number) for version in seed_if_empty(database, folder)] == ["1.1.0"]


def test_processes_that_seed_at_once_publish_every_version_once(database: Database, tmp_path: Path) -> None:
    folder = seeds_in(tmp_path, v1_0_0=a_taxonomy(), v1_1_0=second_state())
    failures: list[BaseException] = []

    def seed() -> None:
        own = Database(database.settings)
        try:
            seed_if_empty(own, folder)
        except BaseException as error:  # noqa: BLE001 - a thread must hand over whatever ends it
            failures.append(error)
        finally:
            own.close()

    threads = [threading.Thread(target=seed) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    seed_if_empty(database, folder)
    assert numbers(database) == ["1.0.0", "1.1.0"]


def test_what_somebody_else_published_or_drafted_is_left_alone(database: Database, tmp_path: Path) -> None:
    folder = seeds_in(tmp_path, v1_0_0=a_taxonomy(), v1_1_0=second_state())
    with database.transaction() as session:
        save_draft(session, ACTOR, [a_concept("discipline", "D009")])
    assert seed_if_empty(database, folder) == []
    with database.transaction() as session:
        drafted(session)
        publish_version(session, ACTOR, PublicationRequest())
    assert seed_if_empty(database, folder) == []
    assert numbers(database) == ["1.0.0"]


def test_an_edited_draft_after_the_first_seed_is_not_published_by_the_next(database: Database, tmp_path: Path) -> None:
    seeds_in(tmp_path, v1_0_0=a_taxonomy())
    seed_if_empty(database, tmp_path)
    with database.transaction() as session:
        save_draft(session, ACTOR, [a_concept("discipline", "D009")])
    seeds_in(tmp_path, v1_1_0=second_state())
    assert seed_if_empty(database, tmp_path) == []


def test_a_wrong_seed_is_refused_with_its_file_and_leaves_nothing(database: Database, tmp_path: Path) -> None:
    folder = seeds_in(tmp_path, v1_0_0=a_taxonomy())
    manifest = folder / "1.0.0" / MANIFEST
    manifest.write_text('{"number": "1.0.1", "valid_from": "soon"}')
    with pytest.raises(ImportRefused) as refused:
        seed_if_empty(database, folder)
    first, second = map(str, refused.value.plan.problems)
    assert first.startswith(f"{manifest}: ")
    assert "they must be the same" in first
    assert '"soon" is no day' in second
    assert numbers(database) == []


def test_seeds_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    folder = seeds_in(tmp_path, v10_0_0=a_taxonomy(), v2_0_0=a_taxonomy(), v2_10_0=a_taxonomy(), vdraft=a_taxonomy())
    assert [str(seed.number) for seed in list_seeds(folder)] == ["2.0.0", "2.10.0", "10.0.0"]
    assert list_seeds(tmp_path / "absent") == []
