"""The worker: delivers webhooks, does jobs and follows publications, until it is told to stop."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.courses.bulk import worker as imports
from competency_api.courses.migration.worker import Follower
from competency_api.courses.suggestions.lists import worker as suggestions
from competency_api.jobs.worker import Handler
from competency_api.jobs.worker import Worker as JobWorker
from competency_api.webhooks.delivery.worker import Worker as Deliverer

#: What does the jobs of each kind.
HANDLERS: Mapping[str, Handler] = {imports.KIND: imports.import_job, suggestions.KIND: suggestions.suggest_job}


def run(database: Database, settings: Settings, stop: threading.Event) -> None:
    """All at once, until ``stop`` is set; what is being done then is finished first."""
    beside = [
        threading.Thread(target=JobWorker(database, settings, HANDLERS).run, args=(stop,), name="jobs"),
        threading.Thread(target=Follower(database, settings).run, args=(stop,), name="follower"),
    ]
    for thread in beside:
        thread.start()
    try:
        Deliverer(database, settings).run(stop)
    finally:
        stop.set()
        for thread in beside:
            thread.join()


def run_once(database: Database, settings: Settings) -> tuple[int, int]:
    """What is due now: the number of jobs that were done, and of messages that were sent."""
    Follower(database, settings).run_once()
    done = JobWorker(database, settings, HANDLERS).run_once()
    return done, Deliverer(database, settings).run_once()
