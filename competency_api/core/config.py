"""Configuration: everything that a deployment may set, from environment variables.

One table (the fields of :class:`Settings`): name, default, meaning, how to read it. ``docs/reference/configuration.md``
is made from it. A variable that is empty counts as not set. Nothing here reads the environment by itself: the entry
points call ``Settings.from_env(os.environ)`` once.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from competency_api.core import settings_values as values
from competency_api.core.errors import ConfigurationError
from competency_api.core.text import printable


def _setting(default: str, meaning: str, read: Callable[[str], Any], *, secret: bool = False) -> Any:
    """``secret`` ones are shown nowhere: in no message, and not where the settings are printed."""
    metadata = {"default": default, "meaning": meaning, "read": read, "secret": secret}
    return dataclasses.field(default=read(default), repr=not secret, metadata=metadata)


@dataclasses.dataclass(frozen=True)
class Settings:
    """The settings of one process; immutable. ``Settings()`` are the defaults."""

    host: str = _setting("127.0.0.1", "address that the service listens on; `0.0.0.0` for all", values.host)
    port: int = _setting("8000", "port that the service listens on", values.whole(1, 65535))
    workers: int = _setting("1", "number of worker processes", values.whole(1, 256))
    database_url: str = _setting(
        "sqlite:///var/competency.sqlite",
        "the database: `sqlite:///relative/or//absolute/file` or `postgresql://user:password@host/name`",
        values.database_url,
    )
    database_read_url: str = _setting(
        "", "a read replica of the same PostgreSQL database, used by what only reads", values.optional_database_url
    )
    database_timeout_seconds: float = _setting(
        "15", "how long to wait for a lock or a connection before answering 503", values.number(0.1, 600)
    )
    public_base_url: str = _setting(
        "",
        "scheme and host that the public uses, without a path; empty: `http://HOST:PORT`, `localhost` for all",
        values.base_url,
    )
    language_fallback: tuple[str, ...] = _setting(
        "en", "languages to fall back to, in order, separated by commas; `en` is always the last", values.languages
    )
    max_body_bytes: int = _setting("1048576", "largest body of a request, in bytes", values.whole(1024, 2**31))
    log_level: str = _setting("info", "`debug`, `info`, `warning` or `error`", values.one_of(*values.LOG_LEVELS))
    log_format: str = _setting(
        "console", "`json` (a line of JSON each, for machines) or `console`", values.one_of("json", "console")
    )
    cors_origins: tuple[str, ...] = _setting(
        "*", "origins whose pages may read, separated by commas; `*` for all", values.origins
    )
    security_contact: str = _setting(
        "", "where to report a weakness, shown in `security.txt`: `mailto:…` or `https://…`", values.contact
    )
    accessibility_contact: str = _setting(
        "", "where readers tell of barriers, shown on the page about accessibility: as above", values.contact
    )
    version_cache_bytes: int = _setting(
        "268435456", "memory that a worker may use for loaded versions, in bytes", values.whole(2**20, 2**40)
    )
    prepare_indexes: bool = _setting(
        "yes",
        "whether each worker of `serve` makes the indexes of search and suggestions of the newest version before "
        "anybody asks: `yes` or `no`",
        values.yes_or_no,
    )
    body_cache_bytes: int = _setting(
        "134217728", "memory that a worker may use for finished answers, in bytes", values.whole(0, 2**40)
    )
    latest_refresh_seconds: float = _setting(
        "1",
        "how long a worker may not notice that a version was published (asked for by its number, it is found at once)",
        values.number(0, 60),
    )
    requests_per_minute_address: int = _setting(
        "1200",
        "requests without a key that a worker takes from one address (IPv6: network of 64 bits) in a minute, answers "
        "from memory aside; `0`: no limit",
        values.whole(0, 10**9),
    )
    requests_per_minute_key: int = _setting(
        "6000", "requests that a worker takes with one key in a minute; `0`: no limit", values.whole(0, 10**9)
    )
    invalid_keys_per_minute: int = _setting(
        "20", "invalid keys that a worker looks up for one address in a minute; `0`: no limit", values.whole(0, 10**9)
    )
    trusted_proxies: int = _setting(
        "0", "number of own proxies in front, whose `X-Forwarded-For` tells the address", values.whole(0, 10)
    )
    webhook_networks: tuple[values.Network, ...] = _setting(
        "",
        "networks that webhooks may call although they are not public, separated by commas, such as `10.0.0.0/8`; with "
        "any, http is taken as well as https",
        values.networks,
    )
    webhook_timeout_seconds: float = _setting(
        "15", "how long the receiver of a webhook may take to answer", values.number(0.1, 300)
    )
    webhook_takeover_seconds: float = _setting(
        "60",
        "how long after that time another worker takes a delivery over, when the one that had it was killed",
        values.number(0.1, 3600),
    )
    webhook_concurrency: int = _setting("8", "webhooks that a worker calls at the same time", values.whole(1, 256))
    webhook_log_days: int = _setting(
        "30", "days for which finished deliveries of webhooks are kept", values.whole(1, 3650)
    )
    accept_own_proposals: bool = _setting(
        "no", "whether reviewers may accept what they proposed themselves: `yes` or `no`", values.yes_or_no
    )

    signing_key: str = _setting(
        "",
        "private key (Ed25519) that versions are signed with: PEM, a JWK, or 32 bytes in base64url; empty: see below",
        values.text,
        secret=True,
    )
    signing_key_file: str = _setting(
        "",
        "file that holds that key (`competency-api signing new` makes one); both empty: versions are not signed",
        values.text,
    )

    max_import_bytes: int = _setting(
        "134217728", "largest file of courses and mappings that is taken, in bytes", values.whole(1024, 2**31)
    )
    import_bytes_at_once: int = _setting(
        "4194304", "files of courses and mappings beyond this size become a job of a worker", values.whole(0, 2**31)
    )
    job_takeover_seconds: float = _setting(
        "60", "how long after a worker was killed another one takes its job over", values.number(0.1, 3600)
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Settings from environment variables. Raises ConfigurationError naming the first that is wrong."""
        given: dict[str, Any] = {}
        for field in dataclasses.fields(cls):
            raw = environ.get(variable(field), "").strip()
            if raw:
                given[field.name] = _read(field, raw)
        settings = cls(**given)
        if settings.database_read_url and settings.database_url.startswith("sqlite"):
            raise ConfigurationError(
                "DATABASE_READ_URL needs PostgreSQL in DATABASE_URL: an SQLite file has no replica."
            )
        return settings

    @property
    def base_url(self) -> str:
        """The public address without a slash at the end."""
        return self.public_base_url or f"http://{values.host_in_url(self.host)}:{self.port}"

    @property
    def is_address_guessed(self) -> bool:
        """Whether concepts get addresses that other machines cannot follow, though they may ask this one."""
        return not self.public_base_url and values.is_every_address(self.host)

    @property
    def fallback(self) -> tuple[str, ...]:
        """The declared order of fallback languages; English is always in it."""
        return tuple(dict.fromkeys((*self.language_fallback, "en")))


def variable(field: dataclasses.Field[Any]) -> str:
    """The environment variable of a field."""
    return field.name.upper()


def _read(field: dataclasses.Field[Any], raw: str) -> Any:
    try:
        return field.metadata["read"](raw)
    except ValueError as error:
        shown = "***" if field.metadata["secret"] else values.without_password(printable(raw, 200))
        raise ConfigurationError(f"{variable(field)} is {shown!r}, which is not right: {error}.") from None


def reference_page() -> str:
    """The text of ``docs/reference/configuration.md``."""
    lines = [
        "# Configuration",
        "",
        "Everything is set by environment variables; nothing has to be. An empty variable counts as not set. A wrong",
        "value stops the start with one line that says what would be right. (This page is made from",
        "`competency_api/core/config.py` by `python -m competency_api.core.pages`.)",
        "",
        "| variable | default | meaning |",
        "|---|---|---|",
    ]
    for field in dataclasses.fields(Settings):
        default = field.metadata["default"]
        lines.append(f"| `{variable(field)}` | {f'`{default}`' if default else ''} | {field.metadata['meaning']} |")
    return "\n".join(lines) + "\n"
