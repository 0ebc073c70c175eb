"""What every command about courses begins with: the database, the versions, who acts, for which provider, in which
language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple, TypeVar

import click
from sqlalchemy import orm

from competency_api.accounts.authentication import acting
from competency_api.accounts.values import Actor, Scope, require_scope
from competency_api.catalogue.store import VersionStore
from competency_api.core.config import Settings
from competency_api.core.db import Database
from competency_api.core.languages import find_tag
from competency_api.core.text import printable
from competency_api.courses.pins import Pins
from competency_api.courses.queries import Provider, get_provider
from competency_api.taxonomy.speaking import AllLanguages, OneLanguage, Speaker

_F = TypeVar("_F", bound=Callable[..., Any])


class Opened(NamedTuple):
    """A database, and its published versions."""

    database: Database
    pins: Pins


@contextmanager
def opened(settings: Settings) -> Iterator[Opened]:
    """For one command."""
    with closing(Database(settings)) as database:
        yield Opened(database, pins_over(database, settings))


def pins_over(database: Database, settings: Settings) -> Pins:
    store = VersionStore(
        database, max_bytes=settings.version_cache_bytes, refresh_seconds=settings.latest_refresh_seconds
    )
    return Pins(store, settings.base_url)


def actor_for(session: orm.Session, api_key: str | None) -> Actor:
    """Whoever runs the command. Raises InvalidKey, and Forbidden for a key that may not see to courses."""
    actor = acting(session, api_key)
    require_scope(actor, Scope.COURSES)
    return actor


def provider_for(session: orm.Session, api_key: str | None, code: str) -> tuple[Actor, Provider]:
    """Whoever runs the command, and the provider that it is about. Raises as :func:`actor_for`, and NotFound."""
    actor = actor_for(session, api_key)
    return actor, get_provider(session, actor, code)


def language_option(command: _F) -> _F:
    """Give a command ``lang``: a language tag in its canonical form, or None."""
    return click.option(
        "--lang", callback=_language, metavar="TAG", help="Texts in this language (es, pt-BR, …), if there are any."
    )(command)


def _language(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    tag = find_tag(value)
    if tag is None:
        raise click.BadParameter(f'"{printable(value)}" is not a language tag of BCP 47.')
    return tag


def speaker_in(lang: str | None, settings: Settings, *, all_languages: bool = False) -> Speaker:
    """Texts in the language that was asked for; if none was in all of them, or as the deployment declares."""
    if lang is None and all_languages:
        return AllLanguages()
    return OneLanguage((lang,) if lang else settings.fallback[:1], settings.fallback)
