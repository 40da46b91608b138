"""Files and images of a unit: checked by content, stripped, stored once under an unguessable key."""

import io
import zlib
from collections import Counter
from typing import Any

import pytest
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from congtruong.media import errors, services
from congtruong.media.models import Asset
from congtruong.media.services import add_asset, make_public
from congtruong.units.models import Unit
from congtruong.units.scoping import unit_scope
from tests.factories import BY, make_file, make_image, make_unit, picture

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

ORIENTATION, GPS, DATE_TAKEN, COMMENT = 0x0112, 0x8825, 0x0132, "Nhà riêng cô C"


@pytest.fixture(autouse=True)
def _empty_storage(settings: Settings) -> None:
    """The storage of the tests lives in memory and would keep the files of units that are gone."""
    settings.STORAGES = {**settings.STORAGES}


@pytest.fixture
def unit() -> Unit:
    return make_unit()


def add(unit: Unit, body: bytes, name: str = "tep.pdf") -> Asset:
    with unit_scope(unit.pk):
        return add_asset(unit=unit, body=body, name=name, by=BY)


def photo(*, width: int = 60, height: int = 20, orientation: int = 6) -> bytes:
    """A JPEG as a phone makes it: turned, with place and time. Its left half is red, the right one blue."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[DATE_TAKEN] = "2026:09:05 07:30:00"
    exif.get_ifd(GPS).update({1: "N", 2: (10.0, 45.0, 30.0), 3: "E", 4: (106.0, 36.0, 0.0)})
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif, comment=COMMENT.encode(), quality=95)
    return buffer.getvalue()


def stored(asset: Asset, name: str) -> bytes:
    with default_storage.open(f"{asset.folder}/{name}") as opened:
        return bytes(opened.read())


def names(asset: Asset) -> list[str]:
    return sorted(default_storage.listdir(asset.folder)[1])


def test_file_is_stored_as_it_is_under_a_safe_name(unit: Unit) -> None:
    asset = add(unit, b"%PDF-1.4 noi dung", "../../Kế hoạch (bản cuối).PDF")

    assert (asset.name, asset.kind, asset.content_type, asset.size) == (
        "ke-hoach-ban-cuoi.pdf",
        Asset.Kind.FILE,
        "application/pdf",
        17,
    )
    assert (names(asset), stored(asset, asset.name)) == (["ke-hoach-ban-cuoi.pdf"], b"%PDF-1.4 noi dung")
    assert (asset.width, asset.renditions, asset.is_public) == (None, [], False)


@pytest.mark.parametrize(
    "name", ["", ".pdf", "....", "/", "\x00.pdf", "tên " * 100 + ".pdf", "a." + "b" * 300, "CON", "🎉.pdf"]
)
def test_any_name_becomes_one_that_can_be_stored(unit: Unit, name: str) -> None:
    asset = add(unit, b"%PDF-1.4", name)

    assert 0 < len(asset.name) <= 120
    assert set(asset.name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert stored(asset, asset.name) == b"%PDF-1.4"


@pytest.mark.parametrize(
    ("body", "name", "problem"),
    [
        (b"", "rong.pdf", errors.FileEmpty),
        (b"<html><script>alert(1)</script></html>", "van-ban.pdf", errors.FileRefused),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "hinh.svg", errors.FileRefused),
        (b"\x89PNG\r\n\x1a\n khong phai anh", "anh.png", errors.ImageBroken),
        (b"\xff\xd8\xff\xe0 khong phai anh", "anh.jpg", errors.ImageBroken),
        (b"RIFF\x00\x00\x00\x00WEBP", "anh.webp", errors.ImageBroken),
        (picture(400, 400)[:200], "anh.png", errors.ImageBroken),
    ],
)
def test_bad_file_is_refused_and_nothing_is_stored(
    unit: Unit, body: bytes, name: str, problem: type[errors.FileRefused]
) -> None:
    with pytest.raises(problem) as caught:
        add(unit, body, name)

    assert type(caught.value) is problem
    with unit_scope(unit.pk):
        assert not Asset.objects.exists()
    assert not default_storage.exists(f"u{unit.pk}")


def test_file_above_the_limit_is_refused(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_BYTES", 20)

    assert add(unit, b"%PDF-1.4" + b"x" * 12).size == 20
    with pytest.raises(errors.FileTooLarge):
        add(unit, b"%PDF-1.4" + b"x" * 13)


def test_image_of_too_many_pixels_is_refused_before_it_is_decoded(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_PIXELS", 1000)

    assert add(unit, picture(40, 25), "vua.png").width == 40
    with pytest.raises(errors.FileTooLarge):
        add(unit, picture(40, 26), "lon.png")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [10_000, 20_000])
def test_decompression_bomb_is_refused(unit: Unit, side: int) -> None:
    """A small file that would fill the memory: a hundred or four hundred million pixels of one colour."""
    body = bytearray(picture(1, 1))
    body[16:24] = side.to_bytes(4, "big") * 2
    body[29:33] = _crc(bytes(body[12:29]))

    with pytest.raises(errors.FileRefused):
        add(unit, bytes(body), "bom.png")


def _crc(chunk: bytes) -> bytes:
    return zlib.crc32(chunk).to_bytes(4, "big")


def test_photo_loses_place_and_time_and_stands_upright(unit: Unit) -> None:
    body = photo(width=60, height=20, orientation=6)
    assert Image.open(io.BytesIO(body)).getexif().get_ifd(GPS)

    asset = add(unit, body, "anh.jpg")

    assert (asset.width, asset.height, names(asset)) == (20, 60, ["20.webp"])
    made = Image.open(io.BytesIO(stored(asset, "20.webp")))
    assert (made.size, dict(made.getexif()), made.info.get("exif"), made.info.get("xmp")) == ((20, 60), {}, None, None)
    top, bottom = made.convert("RGB").getpixel((10, 5)), made.convert("RGB").getpixel((10, 55))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    # Turned by a quarter to the right, what was left is above.
    assert (top[0] > 200 > top[2], bottom[2] > 200 > bottom[0]) == (True, True)
    for name in names(asset):
        assert COMMENT.encode() not in stored(asset, name)
        assert b"2026:09:05" not in stored(asset, name)


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (1, [1]),
        (479, [479]),
        (480, [480]),
        (481, [480, 481]),
        (960, [480, 960]),
        (1600, [480, 960, 1600]),
        (3000, [480, 960, 1600]),
    ],
)
def test_renditions_are_made_at_once_and_never_larger_than_the_image(unit: Unit, width: int, widths: list[int]) -> None:
    asset = add(unit, picture(width, 30), "anh.png")

    assert [rendition["width"] for rendition in asset.renditions] == widths
    assert names(asset) == sorted(f"{each}.webp" for each in widths)
    for rendition in asset.renditions:
        body = stored(asset, rendition["name"])
        made = Image.open(io.BytesIO(body))
        assert (made.format, made.size, len(body)) == (
            "WEBP",
            (rendition["width"], rendition["height"]),
            rendition["size"],
        )
        assert rendition["height"] == max(1, round(30 * rendition["width"] / width))
    assert (asset.width, asset.height) == (widths[-1], asset.renditions[-1]["height"])


def test_very_tall_image_is_made_to_fit(unit: Unit) -> None:
    """WebP ends at 16,383 pixels; a long screenshot is taller."""
    asset = add(unit, picture(100, 20_000), "anh-chup-man-hinh.png")

    assert (asset.width, asset.height) == (82, 16_383)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1", "I;16", "CMYK"])
def test_images_of_every_colour_mode_are_accepted(unit: Unit, mode: str) -> None:
    buffer = io.BytesIO()
    Image.new(mode, (8, 8)).save(buffer, "JPEG" if mode == "CMYK" else "PNG")

    assert (add(unit, buffer.getvalue(), "anh.png").width) == 8


@pytest.mark.filterwarnings("ignore:::PIL")
def test_damaged_images_are_accepted_or_refused_but_raise_nothing_else(unit: Unit) -> None:
    originals = [photo(), picture(30, 30)]
    buffer = io.BytesIO()
    Image.new("RGB", (30, 30), "green").save(buffer, "WEBP")
    originals.append(buffer.getvalue())
    outcomes: Counter[str] = Counter()

    @given(
        original=st.sampled_from(originals),
        changes=st.lists(st.tuples(st.integers(8, 2000), st.integers(0, 255)), min_size=1, max_size=5),
        cut=st.integers(20, 4000),
    )
    def check(original: bytes, changes: list[tuple[int, int]], cut: int) -> None:
        body = bytearray(original)
        for place, value in changes:
            body[place % len(body)] = value
        try:
            add(unit, bytes(body[:cut]), "anh.png")
        except errors.FileRefused as problem:
            outcomes[problem.code] += 1
        else:
            outcomes["stored"] += 1

    check()
    assert outcomes["media.image_broken"] > 0


def test_same_bytes_under_the_same_name_are_stored_once(unit: Unit) -> None:
    first, again = add(unit, b"%PDF-1.4 a", "mot.pdf"), add(unit, b"%PDF-1.4 a", "Một.pdf")
    other_name, other_bytes = add(unit, b"%PDF-1.4 a", "hai.pdf"), add(unit, b"%PDF-1.4 b", "mot.pdf")

    assert again.pk == first.pk
    assert len({first.pk, other_name.pk, other_bytes.pk}) == 3
    with unit_scope(unit.pk):
        assert Asset.objects.count() == 3
    assert len(default_storage.listdir(f"u{unit.pk}")[0]) == 3


def test_two_units_never_share_a_stored_file(unit: Unit) -> None:
    other = make_unit()
    mine, theirs = make_file(unit), make_file(other)

    assert (mine.sha256, mine.name) == (theirs.sha256, theirs.name)
    assert (mine.pk != theirs.pk, mine.key != theirs.key, mine.folder != theirs.folder) == (True, True, True)


def test_keys_cannot_be_guessed(unit: Unit) -> None:
    keys = [add(unit, b"%%PDF-1.4 %d" % number, f"{number}.pdf").key for number in range(20)]

    assert len(set(keys)) == 20
    # 128 random bits in base64.
    assert {len(key) for key in keys} == {22}
    assert len({key[0] for key in keys}) > 3


def test_make_public_opens_the_named_files_only(unit: Unit) -> None:
    opened, kept = make_file(unit, "mo.pdf"), make_image(unit)
    with unit_scope(unit.pk):
        make_public(assets=[opened])
        make_public(assets=[])
        states: dict[Any, bool] = dict(Asset.objects.values_list("pk", "is_public"))

    assert states == {opened.pk: True, kept.pk: False}


def test_make_public_cannot_open_files_of_another_unit(unit: Unit) -> None:
    foreign = make_file(make_unit())
    with unit_scope(unit.pk):
        make_public(assets=[foreign])

    with unit_scope(foreign.unit_id):
        assert Asset.objects.get().is_public is False
