"""Providers with courses, for tests."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask.testing import FlaskClient

from competency_api.accounts.queries import find_organisation
from competency_api.accounts.values import COMMAND_LINE, Actor
from competency_api.catalogue.store import VersionStore
from competency_api.core.db import Database
from competency_api.courses.bulk.files.inputs import Input, format_of
from competency_api.courses.bulk.importing import Options, Plan, import_reading
from competency_api.courses.bulk.reading import Reader
from competency_api.courses.pins import Pins
from competency_api.courses.queries import Provider, course_ids, get_provider, list_mappings
from competency_api.taxonomy.concept import Alignment, Concept
from competency_api.taxonomy.taxonomy import Taxonomy
from tests.factories import a_taxonomy, edited
from tests.support.keys import a_key, an_administrator, an_organisation, bearer
from tests.support.published import FORMER, serving
from tests.support.states import published, second_state

BASE = "http://127.0.0.1:8000"
ESCO = "http://data.europa.eu/esco/skill/"


def aligned(match: str, name: str) -> Alignment:
    return Alignment(match=match, uri=ESCO + name, scheme="ESCO", label=name)  # type: ignore[arg-type]  # one of them


def with_others(state: Taxonomy) -> list[Concept]:
    """T001 with a former code, and some concepts aligned with ESCO: one is certain, one is not."""
    state = edited(state, "T001", former_codes=(FORMER,), alignments=(aligned("exact", "one"),))
    state = edited(state, "C001", alignments=(aligned("close", "many"), aligned("related", "loose")))
    return list(edited(state, "C003", alignments=(aligned("close", "many"),)))


def publish_two(database: Database) -> None:
    """1.0.0, and 1.1.0 where C001 is renamed, C002 replaced by it, and T002 new."""
    published(database, with_others(a_taxonomy()), title="First")
    published(database, with_others(second_state()), title="Second")


def a_provider(database: Database, code: str = "gov") -> Provider:
    """An organisation with courses."""
    an_organisation(database, code, "provider")
    with database.reading(fresh=True) as session:
        return get_provider(session, COMMAND_LINE, code)


def acting(database: Database, code: str = "gov") -> Actor:
    with database.reading(fresh=True) as session:
        row = find_organisation(session, COMMAND_LINE, code)
    assert row is not None
    return Actor("Eva", organisation_id=row.id, organisation=code)


def pins(database: Database) -> Pins:
    return Pins(VersionStore(database, max_bytes=2**30, refresh_seconds=0), BASE)


def a_course(title: str = "Smart cities", **members: Any) -> dict[str, Any]:
    """A course on the wire."""
    return {"title": {"en": title}, **members}


def whole_course() -> dict[str, Any]:
    """One with everything."""
    return {
        "title": {"en": "Smart cities", "es": "Ciudades inteligentes"},
        "description": {"en": "Two days on procurement,\nand one on data."},
        "url": "https://gov.example/smart",
        "visibility": "public",
        "modality": "blended",
        "hands_on": 40,
        "hours": 22.5,
        "languages": ["en", "pt-BR"],
        "population": {"en": "Programme managers"},
        "price": {"amount": 199.99, "currency": "EUR"},
        "dates": [{"starts": "2027-01-11", "ends": "2027-02-01"}, {"starts": "2027-05-03", "ends": None}],
    }


@contextmanager
def serving_providers(database: Database, **settings: Any) -> Iterator[tuple[FlaskClient, str, str]]:
    """A client over two versions, with an administrator and the keys of the providers `gov` and `porto`."""
    publish_two(database)
    an_administrator(database)
    keys = []
    for code in ("gov", "porto"):
        a_provider(database, code)
        keys.append(a_key(database, "courses", organisation=code)[0])
    with serving(dataclasses.replace(database.settings, **settings)) as client:
        yield client, keys[0], keys[1]


def put_course(client: FlaskClient, key: str, external_id: str = "SC-1", provider: str = "gov", **members: Any) -> str:
    """The address of a new course."""
    address = f"/api/v1/providers/{provider}/courses/{external_id}"
    answer = client.put(address, json=a_course(**members), headers=bearer(key))
    assert answer.status_code == 201, answer.text
    return address


def put_mappings(client: FlaskClient, key: str, address: str, *items: dict[str, Any], etag: str = '"0"') -> Any:
    return client.put(f"{address}/mappings", json={"items": list(items)}, headers=bearer(key, If_Match=etag))


def teaches(concept: str = "C001", **members: Any) -> dict[str, Any]:
    return {"concept": concept, "relation": "teaches", **members}


# -- files -------------------------------------------------------------------------------------------------------------


def a_file(text: str | bytes, name: str = "mappings.csv") -> Input:
    data = text if isinstance(text, bytes) else text.encode()
    return Input(name, format_of("", name), io.BytesIO(data))


def imported(database: Database, *files: Input, code: str = "gov", **options: Any) -> Plan:
    """Import files as the provider of this code."""
    versions, asked = pins(database), Options(**options)
    actor = acting(database, code)
    with database.reading(fresh=True) as session:
        provider = get_provider(session, actor, code)
    reader = Reader(database, provider.id, versions, asked.version, whole=asked.whole, report=lambda _count: None)
    reading = reader.read(files)
    with database.transaction() as session:
        return import_reading(session, actor, provider, reading, asked, versions)


def mapped(database: Database, code: str = "gov") -> list[tuple[Any, ...]]:
    """Course, concept, relation, level, hours, evidence, span and version of each mapping of a provider."""
    versions = pins(database)
    with database.reading(fresh=True) as session:
        provider = get_provider(session, COMMAND_LINE, code)
        own = {number: external for external, number in course_ids(session, provider.id).items()}
        rows = [row for row, _ in list_mappings(session, provider.id, own)]
    return sorted(
        (own[row.course_id], row.concept, row.relation, row.level, row.hours, row.evidence, row.span,
         versions.number(row.version_id))
        for row in rows
    )  # fmt: skip
