import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from congtruong.core.addresses import absolute, strip_preview

pytestmark = pytest.mark.unit

labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
hosts = st.lists(labels, min_size=2, max_size=5).map(".".join).filter(lambda host: not host.endswith(".localhost"))


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("hoaphuong.hcm.edu.vn", "hoaphuong.hcm.edu.vn"),
        ("HoaPhuong.HCM.edu.VN", "hoaphuong.hcm.edu.vn"),
        ("hoaphuong.hcm.edu.vn:8000", "hoaphuong.hcm.edu.vn"),
        ("hoaphuong.hcm.edu.vn.", "hoaphuong.hcm.edu.vn"),
        ("hoaphuong.hcm.edu.vn.:443", "hoaphuong.hcm.edu.vn"),
        ("hoaphuong.hcm.edu.vn.localhost:8000", "hoaphuong.hcm.edu.vn"),
        ("HOAPHUONG.hcm.edu.vn.LOCALHOST.", "hoaphuong.hcm.edu.vn"),
        ("localhost:8000", "localhost"),
        ("[::1]:8000", "[::1]"),
        ("[::1]", "[::1]"),
        (".localhost", ""),
        ("", ""),
        (":", ""),
    ],
)
def test_strip_preview_finds_the_registered_name(asked: str, name: str) -> None:
    assert strip_preview(asked) == name


@given(hosts, st.booleans(), st.booleans(), st.integers(1, 65535) | st.none(), st.booleans())
def test_strip_preview_undoes_what_a_browser_may_send(
    host: str, previewed: bool, closing_dot: bool, port: int | None, upper: bool
) -> None:
    sent = host + (".localhost" if previewed else "") + ("." if closing_dot else "") + (f":{port}" if port else "")

    assert strip_preview(sent.upper() if upper else sent) == host


@given(st.text(max_size=60))
def test_strip_preview_answers_anything_in_lower_case_without_a_closing_dot(text: str) -> None:
    name = strip_preview(text)

    assert name == name.lower()
    assert not name.endswith(".")


def test_strip_preview_keeps_every_name_when_there_is_no_suffix(settings: Settings) -> None:
    settings.PREVIEW_SUFFIX = ""

    assert strip_preview("hoaphuong.hcm.edu.vn.localhost:80") == "hoaphuong.hcm.edu.vn.localhost"


@pytest.mark.parametrize(
    ("scheme", "suffix", "port", "address"),
    [
        ("https", "", 0, "https://hoaphuong.hcm.edu.vn/tin-tuc/?trang=2"),
        ("http", ".localhost", 8000, "http://hoaphuong.hcm.edu.vn.localhost:8000/tin-tuc/?trang=2"),
    ],
)
def test_absolute_is_built_from_settings(settings: Settings, scheme: str, suffix: str, port: int, address: str) -> None:
    settings.PUBLIC_SCHEME, settings.PREVIEW_SUFFIX, settings.PUBLIC_PORT = scheme, suffix, port

    assert absolute("hoaphuong.hcm.edu.vn", "/tin-tuc/?trang=2") == address


@pytest.mark.parametrize(
    ("central", "address"),
    [("localhost", "http://localhost:8000/"), ("congtruong.edu.vn", "http://congtruong.edu.vn.localhost:8000/")],
)
def test_absolute_of_the_central_host_is_reachable_in_the_demo(settings: Settings, central: str, address: str) -> None:
    settings.CENTRAL_HOST, settings.PREVIEW_SUFFIX, settings.PUBLIC_PORT = central, ".localhost", 8000

    assert absolute(central) == address
