"""Typed readers of environment variables; a wrong value stops the start with a sentence."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar
from urllib.parse import unquote, urlsplit

T = TypeVar("T")
PREFIX = "CONGTRUONG_"
# Said without the value: it may hold a password.
_DATABASE = "write sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME"
_MAIL = "write smtp://USER:PASSWORD@HOST:PORT, smtps://USER:PASSWORD@HOST:PORT, file:///FOLDER or console:"


def _stop(name: str, value: str, wanted: str) -> NoReturn:
    sys.exit(f"{PREFIX}{name}={value!r} cannot be used: {wanted}. See docs/configuration.md.")


def _read(name: str, default: T, convert: Callable[[str], T], wanted: str) -> T:
    raw = os.environ.get(PREFIX + name)
    if raw is None or raw == "":
        return default
    try:
        return convert(raw)
    except ValueError:
        _stop(name, raw, wanted)


def text(name: str, default: str) -> str:
    return _read(name, default, str.strip, "write a text")


def flag(name: str, default: bool) -> bool:
    def convert(raw: str) -> bool:
        if raw.lower() not in {"1", "0", "true", "false", "yes", "no"}:
            raise ValueError(raw)
        return raw.lower() in {"1", "true", "yes"}

    return _read(name, default, convert, "write 1 or 0")


def number(name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
    def convert(raw: str) -> int:
        value = int(raw)
        if not least <= value <= most:
            raise ValueError(raw)
        return value

    return _read(name, default, convert, f"write a whole number from {least} to {most}")


def words(name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    return _read(
        name, default, lambda raw: tuple(w.strip() for w in raw.split(",") if w.strip()), "write words with commas"
    )


def path(name: str, default: Path) -> Path:
    return _read(name, default, lambda raw: Path(raw).expanduser().resolve(), "write a folder")


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    def convert(raw: str) -> str:
        if raw not in allowed:
            raise ValueError(raw)
        return raw

    return _read(name, default, convert, "write one of " + ", ".join(allowed))


def database(name: str, default: Path) -> dict[str, object]:
    """`sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST:PORT/NAME` as Django's dictionary."""
    raw = os.environ.get(PREFIX + name, "")
    if not raw:
        return _sqlite(str(default))
    try:
        url = urlsplit(raw)
        port = url.port or ""
    except ValueError:
        _stop(name, "…", _DATABASE)
    if url.scheme == "sqlite" and url.path:
        return _sqlite(url.path)
    if url.scheme == "postgresql" and url.path.strip("/"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.strip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": unquote(url.hostname or ""),
            "PORT": str(port),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            # Compiling a list query costs up to seconds and saves milliseconds.
            "OPTIONS": {"options": "-c jit=off"},
        }
    _stop(name, "…", _DATABASE)


def _sqlite(name: str) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            # Writers queue instead of failing half-way, readers never wait for them.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16000;"
            ),
        },
        "CONN_MAX_AGE": 60,
    }


def web_address(name: str) -> str:
    """`https://HOST/…` without a slash at the end, or nothing; plain HTTP on this machine only."""

    def convert(raw: str) -> str:
        url = urlsplit(raw.strip())
        is_here = url.hostname in {"127.0.0.1", "localhost"}
        if not url.hostname or url.scheme not in ({"https", "http"} if is_here else {"https"}):
            raise ValueError(raw)
        return raw.strip().rstrip("/")

    return _read(name, "", convert, "write an address that begins with https://")


@dataclass(frozen=True, slots=True)
class Mail:
    """How mails leave: one of Django's backends and what it needs."""

    backend: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    ssl: bool = False
    starttls: bool = False
    folder: str | None = None


def mail(name: str) -> Mail | None:
    """`smtp://` (STARTTLS when it gives a user), `smtps://`, `file:///FOLDER` or `console:`; None sends nothing."""
    raw = os.environ.get(PREFIX + name, "")
    if not raw:
        return None
    backends = "django.core.mail.backends"
    try:
        url = urlsplit(raw)
        port = url.port
    except ValueError:
        _stop(name, "…", _MAIL)
    if url.scheme == "console":
        return Mail(f"{backends}.console.EmailBackend")
    if url.scheme == "file" and url.path:
        return Mail(f"{backends}.filebased.EmailBackend", folder=unquote(url.path))
    if url.scheme in {"smtp", "smtps"} and url.hostname:
        is_ssl = url.scheme == "smtps"
        return Mail(
            f"{backends}.smtp.EmailBackend",
            host=url.hostname,
            port=port or (465 if is_ssl else 587 if url.username else 25),
            user=unquote(url.username or ""),
            password=unquote(url.password or ""),
            ssl=is_ssl,
            # A password never travels in the clear.
            starttls=not is_ssl and bool(url.username),
        )
    _stop(name, "…", _MAIL)
