"""Webhooks, events for them and workers, for tests."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from competency_api.accounts.queries import find_organisation
from competency_api.accounts.values import COMMAND_LINE, Actor
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.events import service as events
from competency_api.events.values import Audience
from competency_api.webhooks import queries, service
from competency_api.webhooks.delivery.signing import secret_of
from competency_api.webhooks.delivery.worker import Worker
from competency_api.webhooks.values import WebhookRequest
from tests.support.receivers import LOOPBACK

SECRET = secret_of(b"s" * 32)


def settings_of(database: Database, **environ: str) -> Settings:
    url = database.engine.url.render_as_string(hide_password=False)
    # nothing is given up or taken over because a machine is slow
    fixed = {"DATABASE_URL": url, "WEBHOOK_NETWORKS": LOOPBACK, "WEBHOOK_TIMEOUT_SECONDS": "60"}
    return Settings.from_env({**fixed, "WEBHOOK_TAKEOVER_SECONDS": "600", **environ})


def worker(database: Database, **environ: str) -> Worker:
    return Worker(database, settings_of(database, **environ))


def a_webhook(database: Database, url: str, organisation: str | None = None, **request: Any) -> str:
    """The id of a new webhook."""
    networks = settings_of(database).webhook_networks
    with database.transaction() as session:
        wanted = WebhookRequest(url, organisation=organisation, **request)
        return service.create_webhook(session, COMMAND_LINE, wanted, SECRET, networks).uuid


def happened(
    database: Database,
    *subjects: str,
    type_: str = "thing.done",
    audience: Audience = Audience.PUBLIC,
    whose: str | None = None,
) -> list[str]:
    """The ids of events of these subjects."""
    with database.transaction() as session:
        row = find_organisation(session, COMMAND_LINE, whose) if whose else None
        owner = row.id if row else None
        return [
            events.record(session, type_, subject, "test", {"n": 1}, audience=audience, organisation_id=owner)
            for subject in subjects
        ]


def states(database: Database, webhook: str) -> dict[str, str]:
    """The state of each delivery by its message."""
    with database.reading(fresh=True) as session:
        row = queries.get_webhook(session, COMMAND_LINE, webhook)
        return {found.message: found.state for found in queries.list_deliveries(session, row, None, 10_000)}


def make_due(database: Database) -> None:
    """As if the time until the next attempts had passed."""
    with database.transaction() as session:
        session.execute(sa.text("UPDATE webhook_delivery SET due_at = created_at WHERE claim IS NULL"))


def acting_for(database: Database, organisation: str) -> Actor:
    with database.reading(fresh=True) as session:
        row = find_organisation(session, COMMAND_LINE, organisation)
    assert row is not None
    return Actor("Eva", organisation_id=row.id)
