"""Readers of the environment: right values, defaults, and a sentence for wrong ones."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from congtruong.config import env

pytestmark = pytest.mark.unit


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda value: monkeypatch.setenv("CONGTRUONG_X", value)


Reader = Callable[[], Any]


@pytest.mark.parametrize(
    ("value", "read", "expected"),
    [
        (" Sở ", lambda: env.text("X", "khác"), "Sở"),
        ("1", lambda: env.flag("X", False), True),
        ("TRUE", lambda: env.flag("X", False), True),
        ("yes", lambda: env.flag("X", False), True),
        ("0", lambda: env.flag("X", True), False),
        ("False", lambda: env.flag("X", True), False),
        ("no", lambda: env.flag("X", True), False),
        ("0", lambda: env.number("X", 5), 0),
        ("600", lambda: env.number("X", 5, most=600), 600),
        ("a, b,,c ", lambda: env.words("X"), ("a", "b", "c")),
        ("http", lambda: env.choice("X", "https", ("http", "https")), "http"),
        ("/var/lib/../tmp", lambda: env.path("X", Path("/khac")), Path("/var/tmp")),  # noqa: S108 - only a name
    ],
)
def test_reader_reads_a_value(put: Callable[[str], None], value: str, read: Reader, expected: object) -> None:
    put(value)

    assert read() == expected


@pytest.mark.parametrize("value", [None, ""])
def test_reader_without_a_value_gives_the_default(
    monkeypatch: pytest.MonkeyPatch, put: Callable[[str], None], value: str | None
) -> None:
    monkeypatch.delenv("CONGTRUONG_X", raising=False)
    if value is not None:
        put(value)

    assert env.text("X", "khác") == "khác"
    assert env.flag("X", True) is True
    assert env.number("X", 5) == 5
    assert env.words("X", ("a",)) == ("a",)
    assert env.choice("X", "https", ("http", "https")) == "https"
    assert env.path("X", Path("/khac")) == Path("/khac")


@pytest.mark.parametrize(
    ("value", "read", "sentence"),
    [
        ("maybe", lambda: env.flag("X", False), "CONGTRUONG_X='maybe' cannot be used: write 1 or 0."),
        (
            "601",
            lambda: env.number("X", 5, least=1, most=600),
            "CONGTRUONG_X='601' cannot be used: write a whole number from 1 to 600.",
        ),
        (
            "0",
            lambda: env.number("X", 5, least=1, most=600),
            "CONGTRUONG_X='0' cannot be used: write a whole number from 1 to 600.",
        ),
        (
            "1.5",
            lambda: env.number("X", 5, most=9),
            "CONGTRUONG_X='1.5' cannot be used: write a whole number from 0 to 9.",
        ),
        (
            "ftp",
            lambda: env.choice("X", "https", ("http", "https")),
            "CONGTRUONG_X='ftp' cannot be used: write one of http, https.",
        ),
    ],
)
def test_reader_stops_the_start_with_a_sentence(
    put: Callable[[str], None], value: str, read: Reader, sentence: str
) -> None:
    put(value)

    with pytest.raises(SystemExit) as stop:
        read()

    assert stop.value.code == f"{sentence} See docs/configuration.md."


def test_database_without_a_value_is_the_given_sqlite_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONGTRUONG_X", raising=False)

    made = env.database("X", Path("/srv/du-lieu.sqlite3"))

    assert (made["ENGINE"], made["NAME"]) == ("django.db.backends.sqlite3", "/srv/du-lieu.sqlite3")


def test_database_reads_a_sqlite_file(put: Callable[[str], None]) -> None:
    put("sqlite:////srv/khac.sqlite3")

    assert env.database("X", Path("/srv/du-lieu.sqlite3"))["NAME"] == "//srv/khac.sqlite3"


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("postgresql://ung:m%40t%2Fkhau@10.0.0.5:5433/cong", ("ung", "m@t/khau", "10.0.0.5", "5433", "cong")),
        ("postgresql:///cong", ("", "", "", "", "cong")),
        ("postgresql://ung@%2Frun%2Fpostgresql/cong", ("ung", "", "/run/postgresql", "", "cong")),
    ],
)
def test_database_reads_a_postgresql_address(
    put: Callable[[str], None], url: str, parts: tuple[str, str, str, str, str]
) -> None:
    put(url)

    made = env.database("X", Path("/khac"))

    assert made["ENGINE"] == "django.db.backends.postgresql"
    assert tuple(made[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")) == parts


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ung:bimat@may",
        "postgresql://ung:bimat@may:cong/ten",
        "postgresql://ung:bi/mat@may/ten",
        "postgresql://ung:bimat@[may/ten",
        "mysql://ung:bimat@may/ten",
        "bimat",
        "sqlite://",
    ],
)
def test_database_stops_the_start_without_repeating_the_password(put: Callable[[str], None], url: str) -> None:
    put(url)

    with pytest.raises(SystemExit) as stop:
        env.database("X", Path("/khac"))

    assert stop.value.code == (
        "CONGTRUONG_X='…' cannot be used: write sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME. "
        "See docs/configuration.md."
    )


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("smtp://mail.so.edu.vn", ("smtp", "mail.so.edu.vn", 25, "", "", False, False)),
        ("smtp://cong:m%40t@mail.so.edu.vn", ("smtp", "mail.so.edu.vn", 587, "cong", "m@t", False, True)),
        ("smtps://cong:mat@mail.so.edu.vn", ("smtp", "mail.so.edu.vn", 465, "cong", "mat", True, False)),
        ("smtps://mail.so.edu.vn:2465", ("smtp", "mail.so.edu.vn", 2465, "", "", True, False)),
        ("console:", ("console", "", 0, "", "", False, False)),
    ],
)
def test_mail_reads_a_server(
    put: Callable[[str], None], url: str, parts: tuple[str, str, int, str, str, bool, bool]
) -> None:
    put(url)

    made = env.mail("X")

    assert made is not None
    assert made.backend == f"django.core.mail.backends.{parts[0]}.EmailBackend"
    assert (made.host, made.port, made.user, made.password, made.ssl, made.starttls) == parts[1:]


def test_mail_reads_a_folder(put: Callable[[str], None]) -> None:
    put("file:///srv/th%C6%B0")

    made = env.mail("X")

    assert made is not None
    assert (made.backend, made.folder) == ("django.core.mail.backends.filebased.EmailBackend", "/srv/thư")


def test_mail_without_a_value_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONGTRUONG_X", raising=False)

    assert env.mail("X") is None


@pytest.mark.parametrize("url", ["smtp://", "http://cong:bimat@mail", "smtp://cong:bimat@mail:cong", "file:", "bimat"])
def test_mail_stops_the_start_without_repeating_the_password(put: Callable[[str], None], url: str) -> None:
    put(url)

    with pytest.raises(SystemExit) as stop:
        env.mail("X")

    assert stop.value.code == (
        "CONGTRUONG_X='…' cannot be used: write smtp://USER:PASSWORD@HOST:PORT, smtps://USER:PASSWORD@HOST:PORT, "
        "file:///FOLDER or console:. See docs/configuration.md."
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://dang-nhap.so.edu.vn/realms/so/", "https://dang-nhap.so.edu.vn/realms/so"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("", ""),
    ],
)
def test_web_address_is_read_without_its_last_slash(put: Callable[[str], None], value: str, expected: str) -> None:
    put(value)

    assert env.web_address("X") == expected


@pytest.mark.parametrize("value", ["http://dang-nhap.so.edu.vn", "dang-nhap.so.edu.vn", "ftp://127.0.0.1", "https://"])
def test_web_address_must_be_safe(put: Callable[[str], None], value: str) -> None:
    put(value)

    with pytest.raises(SystemExit) as stop:
        env.web_address("X")

    assert "write an address that begins with https://" in str(stop.value.code)
