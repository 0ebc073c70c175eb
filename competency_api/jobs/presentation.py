"""Jobs as they are answered."""

from __future__ import annotations

from typing import Any

from competency_api.core import clock
from competency_api.jobs.values import Job

BASE = "/api/v1/jobs"


def job_document(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state.value,
        "progress": {"done": job.progress, "total": job.total},
        "result": job.result,
        "problem": job.problem,
        "created_at": clock.iso(job.created_at),
        "started_at": clock.iso(job.started_at) if job.started_at else None,
        "finished_at": clock.iso(job.finished_at) if job.finished_at else None,
    }
