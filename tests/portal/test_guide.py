"""Lấy tin cho trang của trường: what the page tells to copy works as it stands."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from tests.factories import make_authority, make_unit

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOST = "so.hcm.edu.vn"
BASE = f"http://{HOST}.localhost"


def get(client: Client, path: str) -> Any:
    return client.get(path, headers={"host": f"{HOST}.localhost"})


def text_of(client: Client, path: str) -> str:
    answer = get(client, path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_guide_gives_code_and_addresses_that_work(client: Client) -> None:
    make_authority('Sở "mẫu"', host=HOST)

    text = text_of(client, "/kenh/thcs/thong-bao/")

    code = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)[1])  # type: ignore[index]
    assert code == (
        f'<iframe src="{BASE}/nhung/thcs/thong-bao/" title="Thông báo từ Sở &quot;mẫu&quot;" width="320" height="480" '
        'loading="lazy"></iframe>'
    )
    addresses = re.findall(r'<input[^>]* value="([^"]+)"', text)
    assert addresses == [f"{BASE}/kenh/thcs/thong-bao.{ending}" for ending in ("xml", "atom", "json")]
    for address in (f"{BASE}/nhung/thcs/thong-bao/", *addresses):
        assert get(client, address.removeprefix(BASE)).status_code == 200
    assert f"<code>{BASE}/websub/</code>" in text


def test_every_choice_of_the_guide_leads_on(client: Client) -> None:
    make_authority(host=HOST)

    chips = re.findall(r'class="chip" href="([^"]+)"( aria-current="page")?', text_of(client, "/kenh/"))

    assert len(chips) == 6 + 5
    assert [path for path, current in chips if current] == ["/kenh/tat-ca/tat-ca/"] * 2
    assert {get(client, path).status_code for path, _ in chips} == {200}


def test_schools_have_no_guide(client: Client) -> None:
    make_unit(host=HOST)

    assert [get(client, path).status_code for path in ("/kenh/", "/kenh/thcs/tin-tuc/")] == [404, 404]
    assert "/kenh/" not in text_of(client, "/rss/")


def test_list_of_feeds_leads_to_feeds_and_of_authorities_to_the_guide(client: Client) -> None:
    make_authority(host=HOST)

    paths = re.findall(r'href="(/(?:rss/[^"]+|kenh/))"', text_of(client, "/rss/"))

    words = ("tat-ca", "tin-tuc", "thong-bao", "van-ban", "thu-moi")
    wanted = [f"/rss/{word}.xml" for word in words]
    wanted += [f"/rss/{word}.{ending}" for word in words for ending in ("atom", "json")]
    assert sorted(paths) == sorted([*wanted, "/kenh/", "/rss/tat-ca.xml"])
    assert {get(client, path).status_code for path in paths} == {200}
