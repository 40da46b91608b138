"""What is kept of an uploaded image: re-encoded, upright, without metadata, in the sizes that pages ask for."""

import io
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from congtruong.media import errors
from congtruong.media.pipeline import renditions
from congtruong.media.pipeline.renditions import Made, Rendition, make_renditions
from tests.factories import picture
from tests.media.pictures import COMMENT, GPS, claiming, photo, saved

pytestmark = pytest.mark.unit


def opened(rendition: Rendition) -> Image.Image:
    return Image.open(io.BytesIO(rendition.body))


def everything(made: Made) -> list[Rendition]:
    return [made.original, *made.renditions]


def pixel(rendition: Rendition, x: int, y: int) -> tuple[int, ...]:
    value = opened(rendition).convert("RGBA").getpixel((x, y))
    assert isinstance(value, tuple)
    return value


@pytest.mark.parametrize(
    ("width", "widths", "original"),
    [
        (1, [1], 1),
        (479, [479], 479),
        (480, [480], 480),
        (481, [480, 481], 481),
        (960, [480, 960], 960),
        (1600, [480, 960, 1600], 1600),
        (3000, [480, 960, 1600], 2560),
    ],
)
def test_renditions_fill_what_the_image_can_and_no_more(width: int, widths: list[int], original: int) -> None:
    made = make_renditions(picture(width, 30))

    assert [r.name for r in made.renditions] == [f"{w}.avif" for w in widths] + [f"{w}.webp" for w in widths]
    assert (made.original.name, made.original.width) == ("goc.webp", original)
    for rendition in everything(made):
        image = opened(rendition)
        assert (image.size, Image.MIME[image.format or ""]) == ((rendition.width, rendition.height), rendition.type)
        assert rendition.height == max(1, round(made.original.height * rendition.width / made.original.width))
        assert rendition.row == {
            "name": rendition.name,
            "width": rendition.width,
            "height": rendition.height,
            "size": len(rendition.body),
            "type": rendition.type,
        }


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_photo_loses_place_and_time_and_stands_upright(kind: str) -> None:
    body = photo(width=60, height=20, orientation=6, kind=kind)
    assert Image.open(io.BytesIO(body)).getexif().get_ifd(GPS)

    made = make_renditions(body)

    assert [r.name for r in made.renditions] == ["20.avif", "20.webp"]
    for rendition in everything(made):
        image = opened(rendition)
        assert (image.size, dict(image.getexif()), image.info.get("exif"), image.info.get("xmp")) == (
            (20, 60),
            {},
            None,
            None,
        )
        assert COMMENT.encode() not in rendition.body
        assert b"2026:09:05" not in rendition.body
        # Turned by a quarter to the right, what was left is above.
        top, bottom = pixel(rendition, 10, 5), pixel(rendition, 10, 55)
        assert (top[0] > 200 > top[2], bottom[2] > 200 > bottom[0]) == (True, True)


def test_large_turned_photo_is_measured_after_turning() -> None:
    """4,000 by 100, lying on its side: upright it is 100 wide, and nothing needs to be cut down to 2,560."""
    made = make_renditions(photo(width=4000, height=100, orientation=6))

    assert (made.original.width, made.original.height) == (100, 4000)


def test_very_tall_image_is_made_to_fit() -> None:
    made = make_renditions(picture(100, 20_000))

    assert [(r.width, r.height) for r in everything(made)] == [(82, 16_383)] * 3


def test_transparent_image_stays_transparent() -> None:
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 20, 40))

    for rendition in everything(make_renditions(saved(image))):
        assert (pixel(rendition, 35, 20)[3], pixel(rendition, 5, 20)[3]) == (0, 255)


@pytest.mark.parametrize("mode", ["RGBA", "P"])
def test_palette_and_alpha_that_hide_nothing_cost_nothing(mode: str) -> None:
    image = Image.new("RGB", (40, 40), "green").convert(mode)

    assert {opened(r).mode for r in everything(make_renditions(saved(image)))} == {"RGB"}


def test_palette_with_a_transparent_colour_keeps_it() -> None:
    image = Image.new("P", (40, 40), 0)
    image.putpalette([255, 255, 255, 255, 0, 0])
    image.paste(1, (0, 0, 20, 40))

    for rendition in everything(make_renditions(saved(image, "GIF", transparency=0))):
        assert (pixel(rendition, 35, 20)[3], pixel(rendition, 5, 20)[3]) == (0, 255)


def test_animation_becomes_its_first_picture() -> None:
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "blue", "green")]
    made = make_renditions(saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100))

    for rendition in everything(made):
        assert getattr(opened(rendition), "n_frames", 1) == 1
        assert pixel(rendition, 15, 15)[0] > 200


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1", "I;16", "CMYK"])
def test_images_of_every_colour_mode_are_accepted(mode: str) -> None:
    made = make_renditions(saved(Image.new(mode, (8, 8)), "JPEG" if mode == "CMYK" else "PNG"))

    assert made.original.width == 8


def test_grey_of_sixteen_bits_keeps_its_shades() -> None:
    image = Image.new("I;16", (8, 8), 128 * 256)

    assert abs(pixel(make_renditions(saved(image)).original, 4, 4)[0] - 128) <= 3


def test_colours_of_another_space_are_turned_into_those_of_browsers() -> None:
    """A profile whose red and blue are exchanged: without it the photo would show the wrong colour."""
    body = saved(Image.new("RGB", (8, 8), "red"), "JPEG", icc_profile=_exchanged(), quality=95)

    red, _, blue, _ = pixel(make_renditions(body).original, 4, 4)

    assert blue > 200 > red


def _exchanged() -> bytes:
    """sRGB with the colorants of red and blue exchanged."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(profile[128:132], "big")
    places = {bytes(profile[132 + n * 12 : 136 + n * 12]): 132 + n * 12 for n in range(count)}
    profile[places[b"rXYZ"] : places[b"rXYZ"] + 4] = b"bXYZ"
    profile[places[b"bXYZ"] : places[b"bXYZ"] + 4] = b"rXYZ"
    return bytes(profile)


def test_broken_profile_is_no_reason_to_refuse_a_photo() -> None:
    body = saved(Image.new("RGB", (8, 8), "red"), "JPEG", icc_profile=b"\x00" * 300, quality=95)

    assert pixel(make_renditions(body).original, 4, 4)[0] > 200


def test_image_of_too_many_pixels_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renditions, "MOST_PIXELS", 1000)

    assert make_renditions(picture(40, 25)).original.width == 40
    with pytest.raises(errors.ImageTooLarge) as caught:
        make_renditions(picture(40, 26))
    assert "điểm ảnh" in caught.value.message
    assert "50 MB" not in caught.value.message


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [8_000, 10_000, 20_000])
def test_decompression_bomb_is_refused(side: int) -> None:
    """A small file that would fill the memory."""
    with pytest.raises(errors.ImageTooLarge):
        make_renditions(claiming(side))


@pytest.mark.parametrize(
    "body",
    [
        b"\x89PNG\r\n\x1a\n khong phai anh",
        b"\xff\xd8\xff\xe0 khong phai anh",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"GIF89a",
        b"\x00\x00\x00\x14ftypavif",
        picture(400, 400)[:200],
        b"",
    ],
)
def test_broken_image_is_refused(body: bytes) -> None:
    with pytest.raises(errors.ImageBroken):
        make_renditions(body)


@pytest.mark.parametrize(("place", "length"), [(544, 607), (139, 342)])
def test_damaged_avif_is_broken(place: int, length: int) -> None:
    """Both once came as an error of the decoder that nobody expected."""
    body = bytearray(photo(kind="AVIF"))
    body[place % len(body)] = 0

    with pytest.raises(errors.ImageBroken):
        make_renditions(bytes(body[:length]))


@pytest.mark.filterwarnings("ignore:::PIL")
def test_damaged_images_are_accepted_or_refused_but_raise_nothing_else() -> None:
    originals = [photo(kind=kind) for kind in ("JPEG", "PNG", "WEBP", "AVIF")]
    originals += [saved(Image.new("P", (30, 30)), "GIF"), saved(Image.new("RGB", (30, 30), "green"), "WEBP")]
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
            make_renditions(bytes(body[:cut]))
        except errors.FileRefused as problem:
            outcomes[problem.code] += 1
        else:
            outcomes["made"] += 1

    check()
    assert outcomes["media.image_broken"] > 0


def test_page_hidden_behind_a_photo_is_gone() -> None:
    """Bytes that are a photo and a web page at once."""
    hidden: Any = b"<html><script>alert(1)</script></html>"
    made = make_renditions(photo() + hidden)

    assert [r.name for r in everything(made) if b"script" in r.body] == []
