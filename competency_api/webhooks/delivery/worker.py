"""What delivers: takes what is due, sends it, writes what came of it, until it is told to stop.

Any number of them may run, on one machine or several; what they share is the database. Clocks of their machines should
agree to a few seconds.
"""

from __future__ import annotations

import datetime as dt
import random
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import structlog

from competency_api.core import clock
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.webhooks.delivery import outbox
from competency_api.webhooks.delivery.sending import Outcome, Sender
from competency_api.webhooks.delivery.signing import signed_headers
from competency_api.webhooks.values import Claim

log = structlog.get_logger(__name__)

#: Seconds between two looks while there is nothing to do.
POLL = 1.0
#: How often old deliveries are forgotten.
_PRUNING = dt.timedelta(hours=1)


class Worker:
    """One worker, which sends up to ``webhook_concurrency`` messages at once."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._sender = Sender(settings.webhook_timeout_seconds, settings.webhook_networks)
        self._slots = settings.webhook_concurrency
        self._lease = dt.timedelta(seconds=settings.webhook_timeout_seconds + settings.webhook_takeover_seconds)
        self._kept = dt.timedelta(days=settings.webhook_log_days)
        self._pruned = dt.datetime.min.replace(tzinfo=dt.UTC)
        # not for secrets: it only spreads the load
        self._chance = random.Random()  # noqa: S311  # see above

    def run(self, stop: threading.Event) -> None:
        """Deliver until ``stop`` is set; what is being sent then is finished first."""
        with ThreadPoolExecutor(self._slots, thread_name_prefix="delivery") as pool:
            running: set[Future[None]] = set()
            while not stop.is_set():
                # what has ended is let go of before the free places are counted: a place that looks taken would wait
                # for the slowest receiver
                running = {future for future in running if not future.done()}
                try:
                    started = self._turn(pool, self._slots - len(running))
                except Exception:  # a database that is away comes back, and one defect must not end every delivery
                    log.exception("webhooks.waiting")
                    started = set()
                running |= started
                if running and (not started or len(running) == self._slots):
                    # what ends makes room, and its receiver ready for its next message
                    wait(running, timeout=POLL, return_when=FIRST_COMPLETED)
                elif not started:
                    stop.wait(POLL)

    def run_once(self) -> int:
        """Deliver what is due now, each once, and give the number of attempts."""
        attempts = 0
        with ThreadPoolExecutor(self._slots, thread_name_prefix="delivery") as pool:
            while started := self._turn(pool, self._slots):
                wait(started)
                attempts += len(started)
        return attempts

    def _turn(self, pool: ThreadPoolExecutor, free: int) -> set[Future[None]]:
        """Begin what can be begun."""
        return {pool.submit(self._deliver, claim) for claim in self._claims(free)}

    def _claims(self, free: int) -> list[Claim]:
        now = clock.now()
        if now - self._pruned > _PRUNING:
            self._pruned = now
            with self._database.transaction() as session:
                outbox.prune(session, now, self._kept)
        with self._database.reading(fresh=True) as session:
            if not free or not outbox.has_work(session, now):
                return []
        with self._database.transaction() as session:
            outbox.fan_out(session, now)
        with self._database.transaction() as session:
            return outbox.claim_due(session, now, now + self._lease, free)

    def _deliver(self, claim: Claim) -> None:
        outcome = self._sent(claim)
        log.info("webhook.attempted", message=claim.message, status=outcome.status, error=outcome.error)
        try:
            with self._database.transaction() as session:
                outbox.settle(session, claim, outcome, clock.now(), self._chance.random())
        except Exception:  # it is sent again when its time is over; the worker goes on
            log.exception("webhook.unsettled", message=claim.message)

    def _sent(self, claim: Claim) -> Outcome:
        body = claim.body.encode()
        timestamp = int(dt.datetime.now(dt.UTC).timestamp())
        return self._sender.send(claim.url, signed_headers(claim.secrets, claim.message, timestamp, body), body)
