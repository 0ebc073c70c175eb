"""The command ``competency-api``: assembles the features' commands, each imported only when it is asked for.

A feature adds a line to :data:`COMMANDS`; its command receives the settings by ``@click.pass_obj``. Results go to
standard output, everything else to standard error. Exit codes: 0 done, 1 refused or failed (one line says why),
2 wrong usage.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from competency_api import __version__
from competency_api.core import logs
from competency_api.core.config import Settings
from competency_api.core.errors import InvalidInput, ServiceError
from competency_api.core.nearest import did_you_mean
from competency_api.core.text import printable

#: Where each command is defined, in the order in which ``--help`` lists them.
COMMANDS: Mapping[str, str] = {
    "serve": "competency_api.operations.cli:serve",
    "migrate": "competency_api.operations.cli:migrate",
    "import": "competency_api.interchange.cli:import_",
    "seed": "competency_api.interchange.cli:seed",
    "proposals": "competency_api.curation.cli:proposals",
    "publish": "competency_api.publishing.cli:publish",
    "withdraw": "competency_api.publishing.cli:withdraw",
    "signing": "competency_api.publishing.cli:signing",
    "versions": "competency_api.catalogue.cli:versions",
    "diff": "competency_api.catalogue.cli:diff",
    "export": "competency_api.catalogue.cli:export",
    "verify": "competency_api.publishing.cli:verify",
    "quality": "competency_api.catalogue.cli:quality",
    "discard": "competency_api.curation.draft.cli:discard",
    "admin": "competency_api.accounts.cli:admin",
    "courses": "competency_api.courses.commands.cli:courses",
    "workshops": "competency_api.workshops.preparing.cli:workshops",
    "organisations": "competency_api.accounts.cli:organisations",
    "keys": "competency_api.accounts.cli:keys",
    "worker": "competency_api.operations.cli:worker",
    "openapi": "competency_api.cli:openapi",
}


class LazyGroup(click.Group):
    """A group whose commands are named by :data:`COMMANDS`; an error of the service ends it as one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            ctx.fail(f'There is no command "{printable(name)}".{did_you_mean(name, COMMANDS)}')
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except InvalidInput as error:
            raise click.ClickException("\n  ".join([error.message, *map(str, error.errors[1:])])) from error
        except ServiceError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="competency-api")
@click.pass_context
def main(ctx: click.Context) -> None:
    """The Smart City Competency Framework: its versions, its contents, and the service that serves them.

    Settings come from environment variables; docs/reference/configuration.md lists them.
    """
    settings = Settings.from_env(os.environ)
    # Whoever runs a single command reads its result, not the log of a server.
    is_chatty = ctx.invoked_subcommand in ("serve", "worker") or os.environ.get("LOG_LEVEL")
    logs.configure(settings.log_level if is_chatty else "warning", settings.log_format)
    ctx.obj = settings


@click.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def openapi(output: Path | None) -> None:
    """Write the description of the API (OpenAPI 3.1, JSON).

    The same for every deployment: settings are not part of it.
    """
    # what only this command needs: the whole application
    from competency_api.app import create_app
    from competency_api.core.http import spec_json

    text = spec_json(create_app(Settings()))
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)
