"""Webhooks over HTTP: registered, changed, tried out and looked after by their organisation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient

from competency_api.core.db import Database
from competency_api.webhooks.values import MOST_WEBHOOKS
from tests.support.keys import a_key, an_administrator, an_organisation, bearer
from tests.support.published import serving
from tests.support.receivers import Receiver, receiving
from tests.support.webhooks import happened, settings_of, worker

HOOKS = "/api/v1/webhooks"


@contextmanager
def client_and_keys(database: Database) -> Iterator[tuple[FlaskClient, str, str]]:
    """A client, and the keys of two organisations."""
    an_administrator(database)
    keys = [a_key(database, "admin", organisation=an_organisation(database, code))[0] for code in ("madrid", "porto")]
    with serving(settings_of(database)) as client:
        yield client, keys[0], keys[1]


def created(client: FlaskClient, key: str, receiver: Receiver, path: str = "/ok", **fields: object) -> dict[str, str]:
    answer = client.post(HOOKS, json={"url": receiver.url(path), **fields}, headers=bearer(key))
    assert answer.status_code == 201, answer.text
    return answer.json


def test_a_webhook_is_registered_with_a_secret_that_is_shown_once(database: Database) -> None:
    with receiving() as receiver, client_and_keys(database) as (client, key, _):
        body = {"url": receiver.url(), "types": ["version.published"], "description": "our catalogue"}
        fields = bearer(key, Idempotency_Key="first")
        first = client.post(HOOKS, json=body, headers=fields)
        again = client.post(HOOKS, json=body, headers=fields)
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json == again.json
        assert first.json["secret"].startswith("whsec_")
        read = client.get(first.headers["Location"], headers=bearer(key))
        assert read.json == {name: value for name, value in first.json.items() if name != "secret"}
        assert read.json["organisation"] == "madrid"
        assert read.headers["ETag"] == first.headers["ETag"] == '"1"'
        listed = client.get(HOOKS, headers=bearer(key)).json
        assert listed["items"] == [read.json]


def test_another_organisations_webhook_does_not_exist(database: Database) -> None:
    with receiving() as receiver, client_and_keys(database) as (client, key, other):
        hook = f"{HOOKS}/{created(client, key, receiver)['id']}"
        fields = bearer(other, If_Match='"1"')
        answers = [
            client.get(hook, headers=fields),
            client.patch(hook, json={"active": False}, headers=fields),
            client.delete(hook, headers=fields),
            client.post(f"{hook}/rotation", json={}, headers=fields),
            client.post(f"{hook}/ping", headers=fields),
            client.get(f"{hook}/deliveries", headers=fields),
        ]
        assert [answer.status_code for answer in answers] == [404] * len(answers)
        assert client.get(HOOKS, headers=fields).json["items"] == []
        refused = client.post(HOOKS, json={"url": receiver.url(), "organisation": "madrid"}, headers=fields)
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/organisation")
        assert client.get(hook, headers=bearer()).status_code == 200


def test_a_ping_shows_in_the_log_how_it_went(database: Database) -> None:
    with receiving() as receiver, client_and_keys(database) as (client, key, _):
        hook = created(client, key, receiver)
        pinged = client.post(f"{HOOKS}/{hook['id']}/ping", headers=bearer(key))
        assert (pinged.status_code, pinged.json["state"]) == (201, "pending")
        assert worker(database).run_once() == 1
        (message,) = receiver.verified(hook["secret"])
        assert message["type"] == "webhook.ping"
        found = client.get(pinged.headers["Location"], headers=bearer(key)).json
        assert (found["state"], found["attempts"], found["body"]) == ("delivered", 1, message)
        assert [attempt["status"] for attempt in found["log"]] == [204]


def test_while_a_secret_is_replaced_both_sign(database: Database) -> None:
    with receiving() as receiver, client_and_keys(database) as (client, key, _):
        hook = created(client, key, receiver)
        address = f"{HOOKS}/{hook['id']}"
        rotated = client.post(f"{address}/rotation", json={}, headers=bearer(key, If_Match='"1"'))
        assert rotated.json["secret"] != hook["secret"]
        assert rotated.json["old_secret_valid_until"]
        happened(database, "thing/1")
        worker(database).run_once()
        assert receiver.verified(hook["secret"]) == receiver.verified(rotated.json["secret"])
        ended = {"old_valid_until": "2020-01-01T00:00:00Z"}
        newest = client.post(f"{address}/rotation", json=ended, headers=bearer(key, If_Match='"2"')).json["secret"]
        receiver.received.clear()
        happened(database, "thing/2")
        worker(database).run_once()
        assert receiver.received[0][1]["webhook-signature"].count("v1,") == 1
        assert len(receiver.verified(newest)) == 1
        far = {"old_valid_until": "2999-01-01T00:00:00Z"}
        refused = client.post(f"{address}/rotation", json=far, headers=bearer(key, If_Match='"3"'))
        assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/old_valid_until")


def test_what_failed_is_sent_again_on_demand(database: Database) -> None:
    with receiving() as receiver, client_and_keys(database) as (client, key, _):
        hook = created(client, key, receiver, "/gone")
        address = f"{HOOKS}/{hook['id']}"
        (message,) = happened(database, "thing/1")
        worker(database).run_once()
        failed = client.get(f"{address}/deliveries?state=failed", headers=bearer(key)).json["items"]
        assert [item["id"] for item in failed] == [message]
        again = f"{address}/deliveries/{message}/redelivery"
        assert client.post(again, headers=bearer(key)).status_code == 409  # it is not active
        etag = client.get(address, headers=bearer(key)).headers["ETag"]
        mended = {"active": True, "url": receiver.url("/ok")}
        changed = client.patch(address, json=mended, headers=bearer(key, If_Match=etag))
        assert (changed.json["active"], changed.json["disabled_because"]) == (True, None)
        assert client.post(again, headers=bearer(key)).json["state"] == "pending"
        worker(database).run_once()
        assert receiver.ids() == [message, message, *receiver.ids()[2:]]
        found = client.get(f"{address}/deliveries/{message}", headers=bearer(key)).json
        assert (found["state"], [attempt["status"] for attempt in found["log"]]) == ("delivered", [410, 204])


def test_a_cursor_is_of_one_list_of_deliveries_and_its_filters(database: Database) -> None:
    with receiving() as receiver, client_and_keys(database) as (client, key, _):
        mine, other = (f"{HOOKS}/{created(client, key, receiver)['id']}/deliveries" for _ in range(2))
        messages = happened(database, "thing/1", "thing/2", "thing/3")
        worker(database).run_once()
        page = client.get(f"{mine}?limit=2", headers=bearer(key)).json
        assert [item["id"] for item in page["items"]] == messages[:0:-1]
        rest = client.get(f"{mine}?limit=2&cursor={page['next']}", headers=bearer(key)).json
        assert ([item["id"] for item in rest["items"]], rest["next"]) == (messages[:1], None)
        for path in (f"{mine}?state=delivered&", f"{other}?", f"{HOOKS}?"):
            refused = client.get(f"{path}cursor={page['next']}", headers=bearer(key))
            assert (refused.status_code, refused.json["errors"][0]["parameter"]) == (422, "cursor")


def test_a_change_needs_the_state_that_it_was_made_from(database: Database) -> None:
    with receiving() as receiver, client_and_keys(database) as (client, key, _):
        address = f"{HOOKS}/{created(client, key, receiver)['id']}"
        assert client.patch(address, json={"active": False}, headers=bearer(key)).status_code == 428
        first = client.patch(address, json={"types": ["thing.done"]}, headers=bearer(key, If_Match='"1"'))
        assert (first.status_code, first.json["types"]) == (200, ["thing.done"])
        assert client.patch(address, json={"active": False}, headers=bearer(key, If_Match='"1"')).status_code == 412
        assert client.delete(address, headers=bearer(key, If_Match='"1"')).status_code == 412
        happened(database, "thing/1")
        worker(database).run_once()
        assert client.delete(address, headers=bearer(key, If_Match='"2"')).status_code == 204
        assert client.get(address, headers=bearer(key)).status_code == 404
        done = [entry["action"] for entry in client.get("/api/v1/audit", headers=bearer(key)).json["items"]]
        assert done[:3] == ["webhook.deleted", "webhook.changed", "webhook.created"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/url"),
        ({"url": "http://10.0.0.1/"}, "/url"),
        ({"url": "https://169.254.169.254/"}, "/url"),
        ({"url": "https://user@example.org/"}, "/url"),
        ({"url": "https://example.org/", "types": ["Published"]}, "/types/0"),
        ({"url": "https://example.org/", "organisation": "nowhere"}, "/organisation"),
        ({"url": "https://example.org/", "secret": "whsec_mine"}, "/secret"),
    ],
)
def test_a_wrong_registration_is_refused_with_its_place(
    sqlite_database: Database, body: dict[str, object], pointer: str
) -> None:
    with client_and_keys(sqlite_database) as (client, key, _):
        answer = client.post(HOOKS, json=body, headers=bearer(key))
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)
        assert client.get(HOOKS, headers=bearer(key)).json["items"] == []


def test_an_organisation_has_a_bounded_number_of_webhooks(sqlite_database: Database) -> None:
    with receiving() as receiver, client_and_keys(sqlite_database) as (client, key, other):
        for _ in range(MOST_WEBHOOKS):
            created(client, key, receiver)
        assert client.post(HOOKS, json={"url": receiver.url()}, headers=bearer(key)).status_code == 409
        created(client, other, receiver)


def test_a_key_without_the_scope_is_told_which_it_lacks(sqlite_database: Database) -> None:
    with client_and_keys(sqlite_database) as (client, _, _):
        reader = a_key(sqlite_database, "read", organisation="madrid")[0]
        answer = client.get(HOOKS, headers=bearer(reader))
        assert (answer.status_code, answer.json["scope"]) == (403, "admin")
