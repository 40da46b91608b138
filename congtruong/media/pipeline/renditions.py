"""From an uploaded image to what is kept of it: one large copy for its unit, small ones for visitors.

Everything is encoded anew, so that neither metadata (place and time of the photo) nor anything hidden behind the image
survives.
"""

import io
import struct
import threading
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from congtruong.media import errors

MOST_PIXELS = 60_000_000
WIDTHS = (480, 960, 1600)
ORIGINAL_NAME = "goc.webp"
_ORIGINAL_WIDTH = 2560
# WebP ends here; a long screenshot is taller.
_TALLEST = 16_383
_ORIENTATION = 0x0112
_TURNED = {5, 6, 7, 8}
_AS_THEY_ARE = {"RGB", "RGBA", "CMYK", "L"}
# What Pillow raises for damaged images and damaged metadata, depending on the format.
_UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    struct.error,
    # The AVIF decoder says it this way.
    RuntimeError,
)
# A decoded photo of 60 megapixels takes 180 MB: not one for every thread of the server at once.
_decoding = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Rendition:
    name: str
    width: int
    height: int
    type: str
    body: bytes

    @property
    def row(self) -> dict[str, str | int]:
        """As `Asset.renditions` keeps it."""
        return {
            "name": self.name,
            "width": self.width,
            "height": self.height,
            "size": len(self.body),
            "type": self.type,
        }


@dataclass(frozen=True, slots=True)
class Made:
    """AVIF first, then WebP, each from narrow to wide: the last is the largest that every browser shows."""

    original: Rendition
    renditions: list[Rendition]


def make_renditions(body: bytes) -> Made:
    """Copies at each width the image can fill. Raises `ImageBroken` or `ImageTooLarge`."""
    with _decoding:
        image = _decoded(body)
        original = _encoded(image, ORIGINAL_NAME, "WEBP", quality=90, method=2)
        widths = sorted({min(width, image.width) for width in WIDTHS})
        resized = [_resized(image, width) for width in widths]
        avif = [_encoded(small, f"{small.width}.avif", "AVIF", quality=50, speed=8, max_threads=1) for small in resized]
        webp = [_encoded(small, f"{small.width}.webp", "WEBP", quality=72, method=4) for small in resized]
    return Made(original, avif + webp)


def _decoded(body: bytes) -> Image.Image:
    """The image upright, in sRGB, at most as wide as what is kept; an animation as its first picture."""
    try:
        with Image.open(io.BytesIO(body)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise errors.ImageTooLarge
            is_turned = opened.getexif().get(_ORIENTATION) in _TURNED
            profile = opened.info.get("icc_profile")
            image: Image.Image = opened if opened.mode in _AS_THEY_ARE else _converted(opened)
            image.thumbnail(
                (_TALLEST, _ORIGINAL_WIDTH) if is_turned else (_ORIGINAL_WIDTH, _TALLEST),
                Image.Resampling.LANCZOS,
                reducing_gap=3.0,
            )
            upright = ImageOps.exif_transpose(image)
            return _without_empty_alpha(_in_srgb(upright, profile))
    except Image.DecompressionBombError as problem:
        raise errors.ImageTooLarge from problem
    except _UNREADABLE as problem:
        raise errors.ImageBroken from problem


def _converted(image: Image.Image) -> Image.Image:
    """In a mode that can be made smaller smoothly, with the orientation kept."""
    orientation = image.getexif().get(_ORIENTATION)
    if image.mode.startswith("I;16"):
        # Pillow would cut off everything above 255.
        made = image.convert("I").point(lambda value: value / 256).convert("L")
    else:
        made = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if orientation is not None:
        made.getexif()[_ORIENTATION] = orientation
    return made


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as browsers show them without a profile: phones photograph in wider colour spaces."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile and image.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        except (ImageCms.PyCMSError, OSError):
            return image.convert(mode)
        return made if made is not None else image.convert(mode)
    return image.convert(mode)


def _without_empty_alpha(image: Image.Image) -> Image.Image:
    """Many a photo saved as PNG carries a layer of transparency that hides nothing."""
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == 255:
        return image.convert("RGB")
    return image


def _resized(image: Image.Image, width: int) -> Image.Image:
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _encoded(image: Image.Image, name: str, format_name: str, **options: int) -> Rendition:
    buffer = io.BytesIO()
    # A fresh image carries none of the notes that Pillow would write along.
    image.info.clear()
    image.save(buffer, format_name, **options)
    return Rendition(name, image.width, image.height, f"image/{format_name.lower()}", buffer.getvalue())
