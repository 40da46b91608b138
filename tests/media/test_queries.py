"""Who may fetch a file: visitors of the owner's host, and of hosts above or below it in the tree."""

from datetime import date

import pytest

from congtruong.media.enums import Consent
from congtruong.media.models import Asset
from congtruong.media.queries import Counts, StoredFile, counts, library, own_file, public_file, usages_of
from congtruong.media.services import describe_asset, set_consent, set_usages
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_authority, make_file, make_image, make_unit, place

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def opened(asset: Asset) -> Asset:
    with unit_scope(asset.unit_id):
        set_usages(unit=asset.unit, kind="post", object_id=asset.pk, label="Bài", assets=[asset.pk], live=[asset.pk])
        asset.refresh_from_db()
    return asset


def test_public_file_is_found_on_its_own_host(unit: Unit) -> None:
    asset = opened(make_file(unit, "ke-hoach.pdf"))

    assert public_file(unit=unit, key=asset.key, name="ke-hoach.pdf") == StoredFile(
        f"u{unit.pk}/{asset.key}/ke-hoach.pdf", "ke-hoach.pdf", "application/pdf", asset.sha256[:16]
    )


def test_public_image_is_found_by_its_renditions_only(unit: Unit) -> None:
    asset = opened(make_image(unit, "anh.png"))

    for ending in ("webp", "avif"):
        assert public_file(unit=unit, key=asset.key, name=f"40.{ending}") == StoredFile(
            f"u{unit.pk}/{asset.key}/40.{ending}", f"40.{ending}", f"image/{ending}", f"{asset.sha256[:16]}-40.{ending}"
        )
    others = ("anh.png", "480.webp", "../40.webp", "goc.webp")
    assert [public_file(unit=unit, key=asset.key, name=name) for name in others] == [None] * 4


def test_image_from_before_avif_is_found(unit: Unit) -> None:
    """Its rows name no type, and no large copy was kept."""
    asset = opened(make_image(unit))
    asset.is_public = True
    asset.original, asset.renditions = None, [{"name": "40.webp", "width": 40, "height": 25, "size": 100}]
    with unit_scope(unit.pk):
        asset.save()
        found = own_file(unit=unit, key=asset.key, name="40.webp")

    assert found == public_file(unit=unit, key=asset.key, name="40.webp")
    assert (found and found.content_type) == "image/webp"


def test_staff_find_their_private_files_and_the_large_copy(unit: Unit) -> None:
    image, file = make_image(unit), make_file(unit)
    with unit_scope(unit.pk):
        found = [own_file(unit=unit, key=image.key, name=name) for name in ("goc.webp", "40.avif", "40.webp")]
        assert [(one.name, one.content_type) for one in found if one] == [
            ("goc.webp", "image/webp"),
            ("40.avif", "image/avif"),
            ("40.webp", "image/webp"),
        ]
        assert own_file(unit=unit, key=file.key, name="khac.pdf") is None
        assert own_file(unit=unit, key=file.key, name="van-ban.pdf") is not None


def test_staff_of_another_unit_find_nothing_not_even_what_is_public(unit: Unit) -> None:
    asset, other = opened(make_file(unit)), make_unit()
    for scope in ([other.pk], [other.pk, unit.pk]):
        with unit_scope(*scope):
            assert own_file(unit=other, key=asset.key, name=asset.name) is None
            assert list(library(other)) == []
            assert counts(other) == Counts(0, 0, 0, 0, 0, 0)


def test_library_is_searched_by_name_description_and_caption(unit: Unit) -> None:
    with unit_scope(unit.pk):
        make_image(unit, "Lễ 20-11 sân khấu.png", alt="Học sinh tặng hoa")
        described = make_image(unit, "b.png", colour="blue")
        describe_asset(asset=described, alt="", caption="Toàn cảnh Lễ", is_decorative=False, by=BY)
        make_file(unit, "Kế hoạch lễ.pdf")

        def names(q: str, kind: str = "") -> list[str]:
            return [asset.name for asset in library(unit, q=q, kind=kind)]

        assert names("") == ["ke-hoach-le.pdf", "b.png", "le-20-11-san-khau.png"]
        assert names("lễ") == names("Lễ") == ["ke-hoach-le.pdf", "b.png", "le-20-11-san-khau.png"]
        assert names("le") == ["ke-hoach-le.pdf", "le-20-11-san-khau.png"]
        assert names("khấu LE") == ["le-20-11-san-khau.png"]
        assert names("tặng hoa") == ["le-20-11-san-khau.png"]
        assert names("le", Asset.Kind.IMAGE) == ["le-20-11-san-khau.png"]
        assert names("không có") == []
        assert names("%") == names("🎉") == []


def test_counts_tell_what_is_there_and_what_is_missing(unit: Unit) -> None:
    with unit_scope(unit.pk):
        images = [
            make_image(unit, f"{n}.png", colour=colour) for n, colour in enumerate(("red", "blue", "lime", "navy"))
        ]
        file = make_file(unit)
        describe_asset(asset=images[0], alt="a", caption="", is_decorative=False, by=BY)
        describe_asset(asset=images[1], alt="", caption="", is_decorative=True, by=BY)
        set_consent(asset=images[2], consent=Consent.WAITING, note="", by=BY)
        set_consent(asset=images[3], consent=Consent.STOPPED, note="", by=BY)
        used = sum(asset.stored_size or 0 for asset in [*images, file])

        assert counts(unit) == Counts(images=4, files=1, lack_alt=2, waiting=1, stopped=1, used=used)
        # Rows of an earlier version know only what was sent.
        Asset.objects.filter(pk=file.pk).update(stored_size=None)
        assert counts(unit).used == used


def test_places_are_listed_with_what_visitors_see_first(unit: Unit) -> None:
    asset = make_file(unit)
    with unit_scope(unit.pk):
        for number, live in ((1, []), (2, [asset.pk]), (3, [])):
            set_usages(unit=unit, kind="post", object_id=number, label=f"Bài {number}", assets=[asset.pk], live=live)

        assert [(usage.label, usage.is_live) for usage in usages_of(asset)] == [
            ("Bài 2", True),
            ("Bài 3", False),
            ("Bài 1", False),
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
