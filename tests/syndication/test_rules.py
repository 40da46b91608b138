"""Leases, delays, signatures and addresses, whatever anybody sends."""

import hashlib
import hmac
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congtruong.core.http import FetchError
from congtruong.feeds.rules.hubs import is_signed
from congtruong.syndication.enums import ALL, Format
from congtruong.syndication.rules.callbacks import host_of, with_query
from congtruong.syndication.rules.leases import DAY, lease_seconds, retry_in
from congtruong.syndication.rules.signatures import sign
from congtruong.syndication.rules.topics import CHANNEL_WORDS, Address, address_of
from congtruong.units.enums import LEVEL_WORDS

pytestmark = pytest.mark.unit


@given(st.integers(min_value=1))
def test_lease_lies_between_one_and_ten_days(asked: int) -> None:
    granted = lease_seconds(str(asked))

    assert granted == min(max(asked, DAY), 10 * DAY)


@given(st.text())
def test_lease_is_a_number_in_bounds_or_none(asked: str) -> None:
    granted = lease_seconds(asked)

    assert granted is None or DAY <= granted <= 10 * DAY


@pytest.mark.parametrize(("asked", "granted"), [("", 10 * DAY), ("0", None), ("-1", None), ("²", None), ("1e9", None)])
def test_lease_that_is_no_number_is_none(asked: str, granted: int | None) -> None:
    assert lease_seconds(asked) == granted


def test_delays_grow_for_about_a_day_and_end() -> None:
    delays = [retry_in(failures) for failures in range(1, 9)]

    known = [delay for delay in delays if delay is not None]
    assert delays[len(known) :] == [None, None]
    assert known == sorted(known)
    assert timedelta(hours=20) < sum(known, timedelta()) < timedelta(hours=25)


@given(st.binary(), st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=199))
def test_what_we_sign_we_would_believe_and_nothing_else(body: bytes, secret: str) -> None:
    signature = sign(body, secret)

    assert is_signed(body, signature, secret)
    assert not is_signed(body + b"x", signature, secret)
    assert not is_signed(body, signature, secret + "x")
    assert not is_signed(body, signature[:-1] + ("0" if signature[-1] != "0" else "1"), secret)


@given(st.sampled_from(["sha256", "sha384", "sha512"]), st.binary())
def test_stronger_signatures_are_believed(method: str, body: bytes) -> None:
    digest = hmac.new(b"khoa", body, getattr(hashlib, method)).hexdigest()

    assert is_signed(body, f"{method}={digest}", "khoa")
    assert is_signed(body, f" {method.upper()}={digest.upper()} ", "khoa")


@pytest.mark.parametrize("method", ["sha1", "md5", "", "none"])
def test_weak_signatures_are_not_believed(method: str) -> None:
    digest = hmac.new(b"khoa", b"x", getattr(hashlib, method, hashlib.sha256)).hexdigest()

    assert not is_signed(b"x", f"{method}={digest}", "khoa")


@given(st.text())
def test_garbage_is_no_signature(text: str) -> None:
    assert not is_signed(b"x", text, "khoa")


def test_every_feed_is_found_at_its_own_address() -> None:
    addresses = [
        Address(channel, ending, level)
        for channel in CHANNEL_WORDS
        for ending in Format
        for level in ("", ALL, *LEVEL_WORDS)
    ]

    assert [address_of(address.path) for address in addresses] == addresses
    assert len({address.path for address in addresses}) == len(addresses) == 105


@given(st.text())
def test_no_other_address_is_a_feed(text: str) -> None:
    found = address_of(f"/rss/{text}") or address_of(f"/kenh/{text}")

    assert found is None or found.path in {f"/rss/{text}", f"/kenh/{text}"}


@pytest.mark.parametrize(
    "callback",
    [
        *("ftp://x.vn/", "javascript:alert(1)", "https://a:b@x.vn/", "https://x.vn:8080/", "//x.vn/", "x", "http://"),
        *("http://x.vn/\r\nHost: y", "http://x vn/", "http://[::1/"),
    ],
)
def test_callbacks_are_plain_public_addresses(callback: str) -> None:
    with pytest.raises(FetchError):
        host_of(callback, allow=())


def test_host_of_a_callback_has_its_port() -> None:
    assert host_of("HTTPS://Truong.EDU.vn/x?y", allow=()) == "truong.edu.vn:443"


def test_parameters_are_added_to_those_there_are() -> None:
    assert with_query("http://x.vn/?a=1%202", {"hub.mode": "x y"}) == "http://x.vn/?a=1%202&hub.mode=x+y"
    assert with_query("http://x.vn/a", {"b": "ế"}) == "http://x.vn/a?b=%E1%BA%BF"
