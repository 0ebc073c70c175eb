"""The queue of deliveries: what to send, who sends it, what came of it. For any number of workers on both databases.

Three short transactions, and none of them around a request to somebody else:

1. :func:`fan_out` makes deliveries of new events and moves the webhook's position in the same transaction: each event
   becomes one delivery, however many workers there are and wherever one dies.
2. :func:`claim_due` takes deliveries by moving ``due_at`` ahead. A worker that dies is no special case: what it took is
   due again then.
3. :func:`settle` writes what came of it. If the worker dies between the receiver's answer and this, the message is sent
   twice, with the same id; nothing can prevent that, and it is the only way.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import orm

from competency_api.accounts.queries import kind_of_active_organisation
from competency_api.accounts.values import ALL_SCOPES, SCOPES_OF_KIND, OrganisationKind
from competency_api.core.ids import new_uuid
from competency_api.events.presentation import event_document
from competency_api.events.queries import last_position, list_events
from competency_api.events.service import record
from competency_api.events.values import Audience, Event, Viewer, viewer_with
from competency_api.webhooks.delivery.retries import asked_delay, delay_after
from competency_api.webhooks.delivery.sending import Outcome
from competency_api.webhooks.models import AttemptRow, DeliveryRow, WebhookRow
from competency_api.webhooks.service import new_delivery
from competency_api.webhooks.values import DISABLED, Because, Claim, State

#: Webhooks and events that one transaction looks at; what is left is for the next.
WEBHOOKS_AT_ONCE = 50
EVENTS_AT_ONCE = 200
_PAST_ORM = {"synchronize_session": False}


def has_work(session: orm.Session, now: dt.datetime) -> bool:
    """Whether there may be something to do, without taking any lock: workers ask this again and again."""
    behind = sa.select(WebhookRow.id).where(WebhookRow.active, WebhookRow.position < last_position(session))
    return session.scalar(behind.limit(1)) is not None or session.scalar(_due(now).limit(1)) is not None


def fan_out(session: orm.Session, now: dt.datetime) -> int:
    """Make deliveries of events that webhooks were not told of yet. Gives how many webhooks were moved ahead."""
    last = last_position(session)
    statement = sa.select(WebhookRow).where(WebhookRow.active, WebhookRow.position < last).order_by(WebhookRow.id)
    webhooks = session.scalars(statement.limit(WEBHOOKS_AT_ONCE).with_for_update(skip_locked=True)).all()
    for webhook in webhooks:
        viewer = _viewer(session, webhook)
        if viewer is None:
            _disable(session, webhook.id, Because.INACTIVE)
            continue
        events = list_events(session, viewer, after=webhook.position, limit=EVENTS_AT_ONCE)
        session.add_all(
            new_delivery(webhook, event.id, event.type, event_document(event), now)
            for event in events
            if _wants(webhook, event)
        )
        seen = events[-1].position if events else 0
        # what was committed since ``last`` was read is among the events already
        reached = seen if len(events) == EVENTS_AT_ONCE else max(seen, last)
        move = sa.update(WebhookRow).where(WebhookRow.id == webhook.id).values(position=reached)
        session.execute(move, execution_options=_PAST_ORM)
    session.flush()
    return len(webhooks)


def _viewer(session: orm.Session, webhook: WebhookRow) -> Viewer | None:
    """A webhook is told of what any key of its organisation could see; None when the organisation is not active."""
    if webhook.organisation_id is None:
        return viewer_with(frozenset(ALL_SCOPES), None)
    kind = kind_of_active_organisation(session, webhook.organisation_id)
    if kind is None:
        return None
    return viewer_with(frozenset(SCOPES_OF_KIND[OrganisationKind(kind)]), webhook.organisation_id)


def _wants(webhook: WebhookRow, event: Event) -> bool:
    types = webhook.types.split()
    return (not types or event.type in types) and (not webhook.touching or event.is_own or event.touches is not None)


def _due(now: dt.datetime) -> sa.Select[int]:
    """Of each active webhook that nobody is sending to, the oldest delivery that is due.

    One at a time for each: a receiver that hangs holds up its own messages and nobody else's.
    """
    other = orm.aliased(DeliveryRow)
    is_busy = sa.exists().where(
        other.webhook_id == DeliveryRow.webhook_id,
        other.state == State.PENDING.value,
        other.claim.is_not(None),
        other.due_at > now,
    )
    return (
        sa.select(sa.func.min(DeliveryRow.id))
        .join(WebhookRow, WebhookRow.id == DeliveryRow.webhook_id)
        .where(WebhookRow.active, DeliveryRow.state == State.PENDING.value, DeliveryRow.due_at <= now, ~is_busy)
        .group_by(DeliveryRow.webhook_id)
    )


def claim_due(session: orm.Session, now: dt.datetime, until: dt.datetime, limit: int) -> list[Claim]:
    """Take up to ``limit`` deliveries; nobody else gets them before ``until``."""
    statement = (
        sa.select(DeliveryRow)
        # the last two again, since another worker may have taken it after the first look
        .where(DeliveryRow.id.in_(_due(now)), DeliveryRow.state == State.PENDING.value, DeliveryRow.due_at <= now)
        .order_by(DeliveryRow.due_at, DeliveryRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claims = []
    for row in session.scalars(statement).all():
        row.claim, row.due_at, row.attempts = new_uuid(), until, row.attempts + 1
        webhook = session.get_one(WebhookRow, row.webhook_id)
        claims.append(Claim(row.id, row.claim, row.message, webhook.url, _secrets(webhook, now), row.body))
    session.flush()
    return claims


def _secrets(webhook: WebhookRow, now: dt.datetime) -> tuple[str, ...]:
    is_old_valid = webhook.old_secret_until is not None and webhook.old_secret_until > now
    return (webhook.secret, webhook.old_secret) if webhook.old_secret and is_old_valid else (webhook.secret,)


def settle(session: orm.Session, claim: Claim, outcome: Outcome, now: dt.datetime, chance: float) -> None:
    """Write what came of an attempt, and when the next one is. ``chance`` is random, from 0 up to 1.

    What was delivered is delivered, also when another worker took it over meanwhile; a failure is left to that one.
    """
    row = session.get(DeliveryRow, claim.delivery_id, with_for_update=True)
    if row is None:  # the webhook was deleted
        return
    session.add(
        AttemptRow(
            delivery_id=row.id, at=now, status=outcome.status, error=outcome.error, milliseconds=outcome.milliseconds
        )
    )
    is_mine = row.claim == claim.token
    if outcome.is_delivered:
        _finish(row, State.DELIVERED, now)
    elif is_mine and row.state == State.PENDING.value:
        delay = delay_after(row.attempts, chance, asked_delay(outcome.retry_after))
        if outcome.status == 410:
            _finish(row, State.FAILED, now)
            _disable(session, row.webhook_id, Because.GONE)
        elif delay is not None:
            row.claim, row.due_at = None, now + delay
        else:
            _finish(row, State.FAILED, now)
            if not _delivered_since(session, row):
                _disable(session, row.webhook_id, Because.FAILING)
    session.flush()


def _finish(row: DeliveryRow, state: State, now: dt.datetime) -> None:
    row.state, row.claim, row.finished_at = state.value, None, now


def _delivered_since(session: orm.Session, row: DeliveryRow) -> bool:
    """Whether anything reached the webhook since this delivery was made."""
    statement = sa.select(DeliveryRow.id).where(
        DeliveryRow.webhook_id == row.webhook_id,
        DeliveryRow.state == State.DELIVERED.value,
        DeliveryRow.finished_at >= row.created_at,
    )
    return session.scalar(statement.limit(1)) is not None


def _disable(session: orm.Session, webhook_id: int, because: Because) -> None:
    """Send nothing any more until somebody makes it active again; its organisation is told in the feed."""
    webhook = session.get_one(WebhookRow, webhook_id, with_for_update=True)
    if not webhook.active:
        return
    webhook.active, webhook.disabled_because = False, because.value
    session.flush()
    audience = Audience.ADMINISTRATORS if webhook.organisation_id is None else Audience.ORGANISATION
    data = {"url": webhook.url, "because": because.value, "webhook": f"/api/v1/webhooks/{webhook.uuid}"}
    record(session, DISABLED, f"webhook/{webhook.uuid}", "worker", data, audience=audience,
           organisation_id=webhook.organisation_id)  # fmt: skip


def prune(session: orm.Session, now: dt.datetime, kept: dt.timedelta) -> None:
    """Forget deliveries that were finished longer ago, with their attempts, and old secrets whose time is over."""
    before = now - kept
    old = sa.delete(DeliveryRow).where(DeliveryRow.state != State.PENDING.value, DeliveryRow.finished_at < before)
    session.execute(old, execution_options=_PAST_ORM)
    ended = (
        sa.update(WebhookRow).where(WebhookRow.old_secret_until < now).values(old_secret=None, old_secret_until=None)
    )
    session.execute(ended, execution_options=_PAST_ORM)
