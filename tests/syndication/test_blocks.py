"""The block that other sites show in a frame."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from congtruong.publication.enums import Channel, EntryKind
from congtruong.publication.services import Published, publish
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import make_authority, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = "so.hcm.edu.vn"
NOON = datetime(2026, 9, 7, 5, tzinfo=UTC)


@pytest.fixture
def department() -> Unit:
    return make_authority("Sở <mẫu>", host=HOST)


def show(unit: Unit, number: int, title: str = "", **fields: Any) -> None:
    with unit_scope(unit.pk):
        publish(
            content=Published(
                unit_id=unit.pk,
                kind=EntryKind.ITEM,
                object_id=number,
                channels=(Channel.NOTICE,),
                title=title or f"Thông báo {number}",
                published_at=NOON + timedelta(days=number),
                is_broadcast=True,
                **fields,
            )
        )


def get(client: Client, path: str = "/nhung/thcs/thong-bao/", **headers: str) -> Any:
    return client.get(path, headers={"host": f"{HOST}.localhost", **headers})


def test_block_shows_the_latest_with_date_and_source(client: Client, department: Unit) -> None:
    for number in range(1, 11):
        show(department, number)
    show(department, 11, "Họp <b>", source_name="Trang & Sở")

    text = get(client).content.decode()

    assert re.findall(r'rel="noopener">(Thông báo \d+|Họp[^<]*)<', text) == [
        "Họp &lt;b&gt;",
        *(f"Thông báo {number}" for number in range(10, 3, -1)),
    ]
    assert '<time datetime="2026-09-18">18/09/2026</time> · Theo Trang &amp; Sở' in text
    assert '<time datetime="2026-09-17">17/09/2026</time> · Theo Sở &lt;mẫu&gt;' in text


def test_every_link_opens_a_page_of_its_own_on_a_portal(client: Client, department: Unit) -> None:
    show(department, 1)

    links = re.findall(r"<a ([^>]*)>", get(client).content.decode())

    assert len(links) == 2
    for link in links:
        assert 'href="http://so.hcm.edu.vn.localhost/' in link
        assert 'target="_blank" rel="noopener"' in link


def test_block_alone_may_be_framed_and_runs_nothing(client: Client, department: Unit) -> None:
    show(department, 1)

    answer, page = get(client), get(client, "/kenh/")

    assert answer["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors *"
    )
    assert "X-Frame-Options" not in answer.headers
    assert (answer.cookies, "<script" in answer.content.decode()) == ({}, False)
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]


def test_known_block_is_not_sent_again(client: Client, department: Unit) -> None:
    show(department, 1)
    first = get(client)

    same = get(client, **{"if-none-match": first["ETag"]})
    show(department, 2)
    changed = get(client, **{"if-none-match": first["ETag"]})

    assert (same.status_code, same.content) == (304, b"")
    assert (same["Content-Security-Policy"], "X-Frame-Options" in same.headers) == (
        first["Content-Security-Policy"],
        False,
    )
    assert (changed.status_code, first["Cache-Control"]) == (200, "public, max-age=300")


def test_empty_block_says_so(client: Client, department: Unit) -> None:
    assert "Chưa có tin nào." in get(client, "/nhung/tat-ca/tat-ca/").content.decode()


def test_schools_have_no_block(client: Client) -> None:
    make_unit(host=HOST)

    assert get(client).status_code == 404
