"""``python -m benchmarks.hosted MODULE:FACTORY``: any WSGI application on the server of the service.

It is started by the very function that ``competency-api serve`` uses, so that both have the same options.
"""

from __future__ import annotations

import os
import sys

from competency_api.core.config import Settings
from competency_api.operations import server


def main(factory: str) -> None:
    server.APPLICATION = factory
    settings = Settings.from_env(os.environ)
    server.run(settings, server.free_address(settings), lambda: None)


if __name__ == "__main__":
    main(sys.argv[1])
