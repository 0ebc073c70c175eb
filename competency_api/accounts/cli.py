"""Commands of administrators: the first one of them, keys, organisations."""

from __future__ import annotations

import datetime as dt

import click
from sqlalchemy import orm

from competency_api.accounts import keys as rules
from competency_api.accounts import queries, service
from competency_api.accounts.models import KeyRow
from competency_api.accounts.presentation import key_document, key_line, organisation_document, organisation_line
from competency_api.accounts.values import COMMAND_LINE, LONGEST_NAME, KeyRequest, OrganisationKind, Scope
from competency_api.core import clock
from competency_api.core.commands import as_json, reading, show, writing
from competency_api.core.config import Settings
from competency_api.core.errors import Conflict, NotFound
from competency_api.core.text import fault_of, normalised, printable

#: More than any deployment has; beyond it the API has pages.
_ALL = 100_000


def name_in(text: str) -> str:
    name = normalised(text)
    fault = "It must not be empty." if not name else fault_of(name)
    if fault or len(name) > LONGEST_NAME:
        raise click.BadParameter(fault or f"It must have at most {LONGEST_NAME} characters.")
    return name


def _shown_once(row: KeyRow, secret: str, is_json: bool) -> None:
    now = clock.now()
    lines = [secret, "", "This key is shown once; keep it safe.", key_line(row, now)]
    show(lines, {**key_document(row, now), "secret": secret}, is_json)


@click.group()
def admin() -> None:
    """Make administrators of this deployment."""


@admin.command()
@click.option("--name", type=name_in, metavar="NAME", default="Administrator", show_default=True, help="Who it is.")
@click.option("--another", is_flag=True, help="Even if there is one already.")
@as_json
@click.pass_obj
def bootstrap(settings: Settings, name: str, another: bool, is_json: bool) -> None:
    """Make the first administrator, and print their key: once."""
    secret = rules.new_secret()
    with writing(settings) as session:
        row = service.bootstrap(session, COMMAND_LINE, name, secret, another=another)
    _shown_once(row, secret, is_json)


@click.group()
def organisations() -> None:
    """List and add organisations."""


@organisations.command("list")
@as_json
@click.pass_obj
def list_organisations(settings: Settings, is_json: bool) -> None:
    """List the organisations."""
    with reading(settings) as session:
        rows = queries.list_organisations(session, COMMAND_LINE, None, _ALL)
    lines = [organisation_line(row) for row in rows] or ["There are no organisations yet."]
    show(lines, [organisation_document(row) for row in rows], is_json)


@organisations.command("create")
@click.argument("code")
@click.option("--name", type=name_in, metavar="NAME", required=True, help="What people call it.")
@click.option("--kind", type=click.Choice([kind.value for kind in OrganisationKind]), required=True)
@as_json
@click.pass_obj
def create_organisation(settings: Settings, code: str, name: str, kind: str, is_json: bool) -> None:
    """Add an organisation; CODE is its name in addresses, such as valencia."""
    with writing(settings) as session:
        row = service.create_organisation(session, COMMAND_LINE, code, name, kind)
    show([organisation_line(row)], organisation_document(row), is_json)


@click.group("keys")
def keys() -> None:
    """List, make, replace and end keys. KEY is an id, or the first 12 characters."""


@keys.command("list")
@click.option("--organisation", help="Only those of this organisation.")
@click.option("--prefix", help="Only those that begin so; a whole key may be given.")
@as_json
@click.pass_obj
def list_keys(settings: Settings, organisation: str | None, prefix: str | None, is_json: bool) -> None:
    """List the keys, without the keys themselves."""
    beginning = rules.shown_part(prefix) if prefix else None
    with reading(settings) as session:
        rows = queries.list_keys(session, COMMAND_LINE, None, _ALL, organisation, beginning)
    now = clock.now()
    lines = [key_line(row, now) for row in rows] or ["There is no such key."]
    show(lines, [key_document(row, now) for row in rows], is_json)


@keys.command("create")
@click.option("--name", type=name_in, metavar="NAME", required=True, help="What it is used for.")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice([scope.value for scope in Scope]))
@click.option("--organisation", help="Code of the organisation; default: the deployment's own.")
@click.option("--person", help="Id of the person; default: a machine's.")
@click.option("--days", type=click.IntRange(1, 36_500), default=rules.LIFETIME.days, show_default=True)
@click.option("--never-expires", is_flag=True, help="Valid until it is revoked.")
@as_json
@click.pass_obj
def create_key(
    settings: Settings,
    /,
    name: str,
    scopes: tuple[str, ...],
    days: int,
    never_expires: bool,
    is_json: bool,
    **owner: str,
) -> None:
    """Make a key, and print it: once."""
    secret = rules.new_secret()
    end = None if never_expires else clock.now() + dt.timedelta(days=days)
    request = KeyRequest(name, frozenset(scopes), expires_at=end, **owner)
    with writing(settings) as session:
        row = service.create_key(session, COMMAND_LINE, request, secret)
    _shown_once(row, secret, is_json)


@keys.command("rotate")
@click.argument("key")
@click.option("--hours", type=click.IntRange(0, 24 * rules.LONGEST_OVERLAP.days), default=24, show_default=True,
              help="How long the old one stays valid.")  # fmt: skip
@as_json
@click.pass_obj
def rotate_key(settings: Settings, key: str, hours: int, is_json: bool) -> None:
    """Replace KEY by a new one, and print it: once."""
    secret = rules.new_secret()
    until = clock.now() + dt.timedelta(hours=hours)
    with writing(settings) as session:
        old = _named(session, key)
        row = service.rotate_key(session, COMMAND_LINE, old.uuid, frozenset({old.revision}), secret, until=until)
    _shown_once(row, secret, is_json)


@keys.command("revoke")
@click.argument("key")
@as_json
@click.pass_obj
def revoke_key(settings: Settings, key: str, is_json: bool) -> None:
    """End KEY now."""
    with writing(settings) as session:
        old = _named(session, key)
        row = service.revoke_key(session, COMMAND_LINE, old.uuid, frozenset({old.revision}))
    now = clock.now()
    show([key_line(row, now)], key_document(row, now), is_json)


def _named(session: orm.Session, reference: str) -> KeyRow:
    """The key of an id, or of a beginning that only it has."""
    if not reference.startswith(rules.PREFIX):
        return queries.get_key(session, COMMAND_LINE, reference)
    found = queries.list_keys(session, COMMAND_LINE, None, 2, prefix=rules.shown_part(reference))
    if len(found) > 1:
        raise Conflict("Several keys begin so; name it by its id: `competency-api keys list`.")
    if not found:
        raise NotFound(f"There is no key that begins with {printable(rules.shown_part(reference))}.")
    return found[0]
