"""Organisations, people and keys as administrators meet them, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from competency_api.core.config import Settings
from competency_api.core.db import Database
from tests.support.keys import ADMIN_KEY, BASE, a_key, a_person, an_administrator, an_organisation, bearer
from tests.support.published import serving

NEW = {"code": "valencia", "name": "València", "kind": "provider"}


@pytest.fixture
def served(database: Database) -> Iterator[FlaskClient]:
    """A client of the application over a database with an administrator."""
    an_administrator(database)
    with serving(Settings(database_url=database.settings.database_url)) as client:
        yield client


def sent(client: FlaskClient, method: str, path: str, body: Any = None, key: str = ADMIN_KEY, **fields: str) -> Any:
    return client.open(f"{BASE}/{path}", method=method, json=body, headers=bearer(key, **fields))


def test_what_is_made_can_be_read_where_it_says_and_changed_from_the_state_it_names(served: FlaskClient) -> None:
    made = sent(served, "POST", "organisations", NEW)
    assert made.status_code == 201
    assert made.headers["Location"] == "/api/v1/organisations/valencia"
    read = served.get(made.headers["Location"], headers=bearer())
    assert read.get_json() == made.get_json()
    assert read.headers["ETag"] == made.headers["ETag"]
    changed = sent(served, "PATCH", "organisations/valencia", {"kind": "both"}, If_Match=read.headers["ETag"])
    assert changed.status_code == 200
    assert changed.get_json() == {**read.get_json(), "kind": "both"}
    assert changed.headers["ETag"] != read.headers["ETag"]


def test_a_change_without_a_state_or_from_an_old_one_is_refused(served: FlaskClient) -> None:
    sent(served, "POST", "organisations", NEW)
    for field in ("", "*"):
        assert sent(served, "PATCH", "organisations/valencia", {"name": "X"}, If_Match=field).status_code == 428
    assert sent(served, "PATCH", "organisations/valencia", {"name": "One"}, If_Match='"1"').status_code == 200
    assert sent(served, "PATCH", "organisations/valencia", {"name": "X"}, If_Match="nonsense").status_code == 422
    for field in ('"1"', '"7"', '"nonsense"'):
        stale = sent(served, "PATCH", "organisations/valencia", {"name": "Other"}, If_Match=field)
        assert (stale.status_code, stale.get_json()["code"]) == (412, "precondition-failed")
    # a proxy that compresses makes tags weak
    assert sent(served, "PATCH", "organisations/valencia", {"name": "Two"}, If_Match='W/"2", "9"').status_code == 200
    assert sent(served, "GET", "organisations/valencia").get_json()["name"] == "Two"


def test_a_person_gets_a_key_that_says_what_it_is(served: FlaskClient, database: Database) -> None:
    an_organisation(database)
    person = {"name": "Eva", "email": "eva@example.org", "role": "editor", "organisation": "valencia"}
    identifier = sent(served, "POST", "people", person).get_json()["id"]
    made = sent(served, "POST", "keys", {"name": "laptop", "scopes": ["review"], "person": identifier}).get_json()
    me = sent(served, "GET", "me", key=made["secret"]).get_json()
    assert (me["person"]["email"], me["organisation"]["code"]) == ("eva@example.org", "valencia")
    assert me["scopes"] == ["read", "review"]
    assert me["key"] == {name: value for name, value in made.items() if name != "secret"}


def test_a_key_is_shown_once_and_never_stored(served: FlaskClient, database: Database) -> None:
    made = sent(served, "POST", "keys", {"name": "x", "scopes": ["read"]}, Idempotency_Key="once").get_json()
    assert made["secret"].startswith(made["prefix"])
    for path in ("keys", f"keys/{made['id']}", "audit", "me"):
        assert made["secret"] not in sent(served, "GET", path).text
    with database.engine.connect() as connection:
        for table in ("api_key", "audit_entry", "remembered_answer"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert rows
            assert made["secret"][12:] not in repr(rows)


def test_a_rotated_key_and_its_successor_are_both_valid_until_the_stated_time(
    served: FlaskClient, database: Database
) -> None:
    key, uuid = a_key(database, "propose")
    rotated = sent(served, "POST", f"keys/{uuid}/rotation", {}, If_Match='"1"')
    assert rotated.status_code == 201
    new = rotated.get_json()
    assert new["replaces"] == uuid
    assert [sent(served, "GET", "me", key=one).status_code for one in (key, new["secret"])] == [200, 200]
    again = sent(served, "POST", f"keys/{uuid}/rotation", {}, If_Match='"2"')
    assert again.status_code == 409
    far = {"old_valid_until": "2099-01-01T00:00:00Z"}
    refused = sent(served, "POST", f"keys/{new['id']}/rotation", far, If_Match='"1"')
    assert refused.get_json()["errors"][0]["pointer"] == "/old_valid_until"


def test_a_revoked_key_is_refused_from_the_next_request_on(served: FlaskClient, database: Database) -> None:
    key, uuid = a_key(database, "read")
    assert sent(served, "GET", "me", key=key).status_code == 200
    assert sent(served, "POST", f"keys/{uuid}/revocation", If_Match='"1"').get_json()["status"] == "revoked"
    refused = sent(served, "GET", "me", key=key)
    assert (refused.status_code, refused.get_json()["code"]) == (401, "invalid-key")
    assert refused.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert sent(served, "POST", f"keys/{uuid}/revocation", If_Match='"2"').status_code == 409
    assert sent(served, "POST", f"keys/{uuid}/rotation", {}, If_Match='"2"').status_code == 409


def test_without_a_key_and_without_the_scope_the_answer_says_what_is_missing(
    served: FlaskClient, database: Database
) -> None:
    for field in ("", "Bearer", "Basic YTpi", "Bearer "):
        nothing = served.get(f"{BASE}/keys", headers={"Authorization": field})
        assert (nothing.status_code, nothing.headers["WWW-Authenticate"]) == (401, "Bearer")
    key, _ = a_key(database, "propose")
    lacking = sent(served, "GET", "keys", key=key)
    assert lacking.status_code == 403
    assert 'the scope "admin"; this one has: propose, read' in lacking.get_json()["detail"]
    assert lacking.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="admin"'


def test_what_another_organisation_has_does_not_exist(served: FlaskClient, database: Database) -> None:
    an_organisation(database, "valencia")
    an_organisation(database, "porto")
    mine, _ = a_key(database, "admin", organisation="valencia")
    person = a_person(database, "porto")
    _, uuid = a_key(database, "read", organisation="porto")
    for path in ("organisations/porto", f"people/{person}", f"keys/{uuid}", "people?organisation=porto"):
        theirs, none = (sent(served, "GET", one, key=mine) for one in (path, path.replace("porto", "nowhere")))
        assert theirs.status_code == none.status_code == 404
    for path, method in ((f"keys/{uuid}/revocation", "POST"), ("organisations/porto", "PATCH")):
        assert sent(served, method, path, {}, key=mine, If_Match='"1"').status_code == 404
    assert [item["code"] for item in sent(served, "GET", "organisations", key=mine).get_json()["items"]] == ["valencia"]
    for path in ("people", "keys", "audit"):
        seen = sent(served, "GET", path, key=mine).get_json()["items"]
        assert {item["organisation"] for item in seen} <= {"valencia"}


def test_inside_an_organisation_nobody_reaches_beyond_it(served: FlaskClient, database: Database) -> None:
    an_organisation(database)
    key, _ = a_key(database, "admin", "propose", organisation="valencia")
    attempts = [
        ("POST", "organisations", {**NEW, "code": "porto"}, 403),
        ("PATCH", "organisations/valencia", {"kind": "both"}, 403),
        ("POST", "keys", {"name": "x", "scopes": ["publish"]}, 403),
        ("POST", "people", {"name": "x", "role": "publisher"}, 403),
        ("POST", "people", {"name": "x", "role": "admin"}, 422),
        ("POST", "keys", {"name": "x", "scopes": ["read"], "organisation": "porto"}, 422),
        ("POST", "keys", {"name": "x", "scopes": ["propose"]}, 201),
        ("PATCH", "organisations/valencia", {"name": "X"}, 200),
    ]
    for method, path, body, status in attempts:
        answer = sent(served, method, path, body, key=key, If_Match='"1"')
        assert answer.status_code == status, f"{method} {path}: {answer.text}"
    made = sent(served, "GET", "keys", key=key).get_json()["items"][-1]
    assert made["organisation"] == "valencia"


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("organisations", {**NEW, "code": "Val encia"}, "/code"),
        ("organisations", {**NEW, "kind": "partnr"}, "/kind"),
        ("people", {"name": "x", "role": "editor"}, "/role"),
        ("people", {"name": "x", "role": "editor", "organisation": "nowhere"}, "/organisation"),
        ("people", {"name": "x", "role": "admin", "email": "nobody"}, "/email"),
        ("keys", {"name": "x", "scopes": []}, "/scopes"),
        ("keys", {"name": "x", "scopes": ["publishh"]}, "/scopes/0"),
        ("keys", {"name": "x", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
        ("keys", {"name": "x", "scopes": ["read"], "expires_at": "2099-01-01"}, "/expires_at"),
        ("keys", {"name": "x", "scopes": ["read"], "person": "7f9c2ba4-0000-4000-8000-000000000000"}, "/person"),
        ("keys", {"name": "x", "scopes": ["propose"], "organisation": "school"}, "/scopes"),
    ],
)
def test_what_does_not_fit_is_pointed_at_and_nothing_is_written(
    served: FlaskClient, database: Database, path: str, body: Any, pointer: str
) -> None:
    an_organisation(database, "school", "provider")
    before = sent(served, "GET", path).get_json()
    refused = sent(served, "POST", path, body)
    assert refused.status_code == 422, refused.text
    assert refused.get_json()["errors"][0]["pointer"] == pointer
    assert sent(served, "GET", path).get_json() == before


@pytest.mark.parametrize("path", ["people/%00", "keys/%00", "organisations/%00", "keys/x", "people?organisation=x"])
def test_what_is_not_there_is_not_found_whatever_its_name(served: FlaskClient, path: str) -> None:
    assert sent(served, "GET", path).status_code == 404


def test_pages_lead_through_everything_once(served: FlaskClient, database: Database) -> None:
    for number in range(5):
        an_organisation(database, f"city-{number}")
    seen: dict[str, list[Any]] = {"organisations": [], "audit": []}
    for path, items in seen.items():
        link = f"{BASE}/{path}?limit=2"
        while link:
            page = served.get(link, headers=bearer())
            items += page.get_json()["items"]
            link = page.headers.get("Link", "").partition(">")[0].removeprefix("<")
    assert [item["code"] for item in seen["organisations"]] == [f"city-{number}" for number in range(5)]
    numbers = [item["id"] for item in seen["audit"]]
    assert numbers == sorted(set(numbers), reverse=True)
    assert len(numbers) == 7


def test_a_cursor_is_of_one_list_and_its_filters(served: FlaskClient, database: Database) -> None:
    for number in range(3):
        an_organisation(database, f"city-{number}")
    cursor = sent(served, "GET", "audit?limit=1").get_json()["next"]
    assert sent(served, "GET", f"audit?limit=2&cursor={cursor}").status_code == 200
    for path in (f"audit?action=key.created&cursor={cursor}", f"organisations?cursor={cursor}", "audit?cursor=MQ"):
        refused = sent(served, "GET", path)
        assert (refused.status_code, refused.get_json()["errors"][0]["parameter"]) == (422, "cursor")


def test_answers_to_keys_are_for_their_client_alone(served: FlaskClient) -> None:
    for path, key in (("me", ADMIN_KEY), ("me", "sck_wrong"), ("keys/none", ADMIN_KEY), ("keys?x=1", ADMIN_KEY)):
        answer = sent(served, "GET", path, key=key)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Authorization" in answer.headers["Vary"]


def test_the_audit_trail_says_who_did_what_when_with_which_key(served: FlaskClient) -> None:
    sent(served, "POST", "organisations", NEW)
    sent(served, "PATCH", "organisations/valencia", {"name": "X"}, If_Match='"1"')
    sent(served, "PATCH", "organisations/valencia", {"name": "Y"}, If_Match='"1"')
    me = sent(served, "GET", "me").get_json()["key"]["id"]
    found = sent(served, "GET", "audit?subject=organisation/valencia").get_json()["items"]
    assert [(entry["action"], entry["key"], entry["actor"]) for entry in found] == [
        ("organisation.changed", me, "Ada (first key)"),
        ("organisation.created", me, "Ada (first key)"),
    ]
    assert found[0]["details"] == {"name": ["València", "X"]}
    assert sent(served, "GET", f"audit?key={me}&action=organisation.created").get_json()["items"] == found[1:]
