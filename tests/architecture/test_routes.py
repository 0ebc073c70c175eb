"""Every door of the service says who may open it."""

from __future__ import annotations

from competency_api.app import create_app
from competency_api.core.config import Settings
from competency_api.core.http import operations_of


def test_every_route_is_guarded_or_declared_public() -> None:
    operations = list(operations_of(create_app(Settings())))
    assert operations
    assert [f"{operation.method} {operation.rule}" for operation in operations if not operation.access] == []
