from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from competency_api.core.metrics import Metrics

WORKER = """
import sys
from competency_api.core.metrics import Metrics
metrics = Metrics()
metrics.observe("GET", "/things", 200, 0.001)
print(metrics.render()[0].decode())
"""


def test_numbers_of_all_workers_are_summed_and_those_of_an_earlier_run_are_not(tmp_path: Path) -> None:
    prepare = "from pathlib import Path; from competency_api.core.metrics import prepare_multiprocess as p\n"
    start = f"{prepare}p(Path({str(tmp_path)!r}))\n"
    join = f"import os; os.environ['PROMETHEUS_MULTIPROC_DIR'] = {str(tmp_path)!r}\n"
    for _earlier in range(2):
        run(start + WORKER)
    text = run(join + WORKER)
    assert 'http_requests_total{method="GET",route="/things",status="200"} 2.0' in text


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def test_two_applications_in_one_process_do_not_share_numbers() -> None:
    first, second = Metrics(), Metrics()
    first.observe("GET", "/things", 200, 0.001)
    assert b"/things" in first.render()[0]
    assert b"/things" not in second.render()[0]
