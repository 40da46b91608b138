"""What a file is, told from its bytes and never from its name."""

import io
import zipfile

_PDF = "application/pdf"
_ZIP = "application/zip"
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_OFFICE = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    "ppt/": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
}
_OLD_OFFICE = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
}
IMAGES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def content_type(body: bytes, name: str) -> str | None:
    """The type of an accepted file, or None. The name only tells old Office formats apart."""
    if body.startswith(b"%PDF-"):
        return _PDF
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    if body.startswith(b"PK\x03\x04"):
        return _zip_type(body)
    if body.startswith(_OLE):
        return _OLD_OFFICE.get(name.rsplit(".", 1)[-1].lower())
    return None


def _zip_type(body: bytes) -> str | None:
    try:
        names = zipfile.ZipFile(io.BytesIO(body)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    for prefix, (office_type, _) in _OFFICE.items():
        if any(name.startswith(prefix) for name in names):
            return office_type
    return _ZIP
