"""Processes that load nothing but what they need can write to the feed."""

from __future__ import annotations

import subprocess
import sys

from tests.support.sources import ROOT


def test_a_process_that_only_publishes_knows_every_table_that_events_refer_to() -> None:
    program = (
        "import competency_api.versions.service; from competency_api.core.db import Base;"
        " [key.column for table in Base.metadata.tables.values() for key in table.foreign_keys]"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
