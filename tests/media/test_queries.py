"""Who may fetch a file: visitors of the owner's host, and of hosts above or below it in the tree."""

from datetime import date

import pytest

from congtruong.media.models import Asset
from congtruong.media.queries import PublicFile, public_file
from congtruong.media.services import make_public
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import make_authority, make_file, make_image, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def opened(asset: Asset) -> Asset:
    with unit_scope(asset.unit_id):
        make_public(assets=[asset])
    return asset


@pytest.fixture
def unit() -> Unit:
    return make_unit()


def test_public_file_is_found_on_its_own_host(unit: Unit) -> None:
    asset = opened(make_file(unit, "ke-hoach.pdf"))

    assert public_file(unit=unit, key=asset.key, name="ke-hoach.pdf") == PublicFile(
        f"u{unit.pk}/{asset.key}/ke-hoach.pdf", "ke-hoach.pdf", "application/pdf", asset.sha256[:16]
    )


def test_public_image_is_found_by_its_renditions_only(unit: Unit) -> None:
    asset = opened(make_image(unit, "anh.png"))

    assert public_file(unit=unit, key=asset.key, name="40.webp") == PublicFile(
        f"u{unit.pk}/{asset.key}/40.webp", "40.webp", "image/webp", f"{asset.sha256[:16]}-40.webp"
    )
    assert [public_file(unit=unit, key=asset.key, name=name) for name in ("anh.png", "480.webp", "../40.webp")] == [
        None,
        None,
        None,
    ]


def test_private_file_does_not_exist_even_at_home(unit: Unit) -> None:
    asset = make_file(unit)

    assert public_file(unit=unit, key=asset.key, name=asset.name) is None


@pytest.mark.parametrize("name", ["khac.pdf", "", "ke-hoach.PDF", "ke-hoach.pdf ", "..", "ke-hoach.pdf/"])
def test_wrong_name_does_not_exist(unit: Unit, name: str) -> None:
    asset = opened(make_file(unit, "ke-hoach.pdf"))

    assert public_file(unit=unit, key=asset.key, name=name) is None


def test_wrong_key_does_not_exist(unit: Unit) -> None:
    asset = opened(make_file(unit))

    for key in (asset.key[:-1], asset.key.swapcase(), str(asset.pk), asset.sha256, "%", "\x01"):
        assert public_file(unit=unit, key=key, name=asset.name) is None, key


def test_file_is_shown_up_and_down_the_tree_and_nowhere_else(unit: Unit) -> None:
    department, ward, sibling, stranger = make_authority(), make_authority(), make_unit(), make_unit()
    place(ward, department)
    place(unit, ward)
    place(sibling, ward)
    owners = {"unit": unit, "ward": ward, "department": department, "stranger": stranger, "sibling": sibling}
    files = {name: opened(make_file(owner)) for name, owner in owners.items()}

    shown = {
        name: sorted(
            owner
            for owner, asset in files.items()
            if public_file(unit=viewer, key=asset.key, name=asset.name) is not None
        )
        for name, viewer in owners.items()
    }

    assert shown == {
        "unit": ["department", "unit", "ward"],
        "sibling": ["department", "sibling", "ward"],
        "ward": ["department", "sibling", "unit", "ward"],
        "department": ["department", "sibling", "unit", "ward"],
        "stranger": ["stranger"],
    }


def test_files_of_a_former_authority_are_still_shown(unit: Unit) -> None:
    """What it published then stands on the portal still, so its files do."""
    district = make_authority()
    place(unit, district, to_on=date(2025, 6, 30))
    asset = opened(make_file(district))

    assert public_file(unit=unit, key=asset.key, name=asset.name) is not None
