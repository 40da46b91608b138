"""Photos as cameras, phones and malicious people make them."""

import io
import zlib

from PIL import Image

ORIENTATION, GPS, DATE_TAKEN, COMMENT = 0x0112, 0x8825, 0x0132, "Nhà riêng cô C"


def photo(*, width: int = 60, height: int = 20, orientation: int = 6, kind: str = "JPEG") -> bytes:
    """A picture as a phone makes it: turned, with place and time. Its left half is red, the right one blue."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[DATE_TAKEN] = "2026:09:05 07:30:00"
    exif.get_ifd(GPS).update({1: "N", 2: (10.0, 45.0, 30.0), 3: "E", 4: (106.0, 36.0, 0.0)})
    return saved(image, kind, exif=exif, comment=COMMENT.encode(), quality=95)


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def claiming(side: int) -> bytes:
    """A PNG of one pixel whose header says it has `side` by `side`."""
    body = bytearray(saved(Image.new("RGB", (1, 1))))
    body[16:24] = side.to_bytes(4, "big") * 2
    body[29:33] = zlib.crc32(bytes(body[12:29])).to_bytes(4, "big")
    return bytes(body)
