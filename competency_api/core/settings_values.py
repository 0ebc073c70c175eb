"""How the values of settings are read: each returns the value or raises ValueError saying what is right."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from competency_api.core.languages import find_tag

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LOG_LEVELS = ("debug", "info", "warning", "error")

_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")
_PASSWORD = re.compile(r"(://[^:/@\s]*):[^@\s]*@")
_POSTGRESQL = ("postgresql://", "postgres://", "postgresql+psycopg://")


def without_password(url: str) -> str:
    return _PASSWORD.sub(r"\1:***@", url)


def host(raw: str) -> str:
    if not _HOST.fullmatch(raw):
        raise ValueError("it must be a host name or an IP address, such as 127.0.0.1")
    return raw


def host_in_url(name: str) -> str:
    """The host as a URL names it: IPv6 in brackets, ``localhost`` where it stands for all addresses."""
    if is_every_address(name):
        return "localhost"
    address = _ip_address(name)
    return f"[{address}]" if address is not None and address.version == 6 else name


def is_every_address(name: str) -> bool:
    address = _ip_address(name)
    return address is not None and address.is_unspecified


def _ip_address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def whole(least: int, most: int) -> Callable[[str], int]:
    def read(raw: str) -> int:
        # not int() alone: it takes "1_000", "+1" and digits of any script
        if not re.fullmatch("[0-9]{1,15}", raw) or not least <= int(raw) <= most:
            raise ValueError(f"it must be a whole number from {least} to {most}")
        return int(raw)

    return read


def number(least: float, most: float) -> Callable[[str], float]:
    def read(raw: str) -> float:
        value = float(raw) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", raw) else math.nan
        if not least <= value <= most:
            raise ValueError(f"it must be a number from {least:g} to {most:g}, such as 1.5")
        return value

    return read


def one_of(*choices: str) -> Callable[[str], str]:
    def read(raw: str) -> str:
        if raw.lower() not in choices:
            raise ValueError(f"it must be one of {', '.join(choices)}")
        return raw.lower()

    return read


def database_url(raw: str) -> str:
    """The URL as SQLAlchemy takes it; PostgreSQL always by psycopg 3."""
    for prefix in _POSTGRESQL:
        if raw.startswith(prefix) and len(raw) > len(prefix):
            return "postgresql+psycopg://" + raw.removeprefix(prefix)
    path = raw.removeprefix("sqlite:///")
    # An SQLite database in memory is seen by one connection only: not by the second worker, not by the migrations.
    if path != raw and path not in ("", ":memory:") and "mode=memory" not in path:
        return raw
    raise ValueError("it must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME")


def optional_database_url(raw: str) -> str:
    if not raw:
        return ""
    url = database_url(raw)
    if url.startswith("sqlite"):
        raise ValueError("it must be postgresql://USER:PASSWORD@HOST/NAME")
    return url


def text(raw: str) -> str:
    """Anything: what it must be is seen by whoever uses it."""
    return raw


def _is_origin(raw: str) -> bool:
    try:
        parts = urlsplit(raw)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
        ) and raw == f"{parts.scheme}://{parts.netloc}{parts.path}"
    except ValueError:
        return False


def networks(raw: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in raw.split(",") if part.strip())
    except ValueError:
        raise ValueError("it must be networks separated by commas, such as 10.0.0.0/8, fd00::/8") from None


def base_url(raw: str) -> str:
    base = raw.rstrip("/")
    if base and _is_origin(base) and urlsplit(base).path:
        raise ValueError(
            "it must have no path, since links and the field Location are absolute paths, such as "
            "https://skills.example.org; give the service a host name of its own"
        )
    if raw and (not _is_origin(base) or "@" in raw):
        raise ValueError("it must be an http or https address without a query, such as https://skills.example.org")
    return base


def origins(raw: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in raw.split(",") if part.strip())
    if not found or not all(part == "*" or (_is_origin(part) and not urlsplit(part).path) for part in found):
        raise ValueError("it must be * or origins separated by commas, such as https://example.org")
    return ("*",) if "*" in found else found


def languages(raw: str) -> tuple[str, ...]:
    tags = []
    for part in raw.split(","):
        tag = find_tag(part.strip())
        if tag is None:
            raise ValueError(f"{part.strip()!r} is no language tag; right is for example: es, pt, en")
        tags.append(tag)
    return tuple(dict.fromkeys(tags))


def contact(raw: str) -> str:
    if raw and not re.fullmatch(r"(mailto:[^\s@]+@[^\s@]+|https://[^\s]+|tel:\+[0-9-]+)", raw):
        raise ValueError("it must start with mailto:, https:// or tel:, such as mailto:security@example.org")
    return raw


def yes_or_no(raw: str) -> bool:
    if raw.lower() not in ("yes", "no"):
        raise ValueError("it must be yes or no")
    return raw.lower() == "yes"
