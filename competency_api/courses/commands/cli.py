"""``competency-api courses``: assembles the commands of catalogues, coverage and migrations."""

from __future__ import annotations

import click

from competency_api.courses.bulk import cli as bulk
from competency_api.courses.migration import cli as migration
from competency_api.courses.reports import cli as reports


@click.group()
def courses() -> None:
    """Courses of providers: whole catalogues in and out, what they cover, and on to another version."""


for command in (bulk.import_, bulk.export, reports.coverage, migration.migrate, bulk.check):
    courses.add_command(command)
