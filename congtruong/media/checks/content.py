"""What a file is, told from its bytes and never from its name."""

import io
import re
import zipfile

from congtruong.media import errors

_PDF = "application/pdf"
ZIP = "application/zip"
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
IMAGES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/avif": "avif",
}
# Types whose content is a ZIP archive and may be a bomb.
ARCHIVES = frozenset({ZIP, *(office_type for office_type, _ in _OFFICE.values())})
# Endings a file of a type may keep; another one is replaced by the first.
_ENDINGS = {
    _PDF: ("pdf",),
    ZIP: ("zip", "odt", "ods", "odp"),
    _OFFICE["word/"][0]: ("docx", "docm", "dotx"),
    _OFFICE["xl/"][0]: ("xlsx", "xlsm", "xltx"),
    _OFFICE["ppt/"][0]: ("pptx", "pptm", "ppsx"),
    "image/jpeg": ("jpg", "jpeg"),
}
_STARTS = (
    (b"%PDF-", _PDF),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_HEIC = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_SVG = re.compile(r"<svg\b")
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|script|iframe|style|meta|title)\b")


def content_type(body: bytes, name: str) -> str | None:
    """The type of an accepted file, or None. The name only tells old Office formats apart."""
    for start, kind in _STARTS:
        if body.startswith(start):
            return kind
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    if _brands(body) & {b"avif", b"avis"}:
        return "image/avif"
    if body.startswith(b"PK\x03\x04"):
        return _zip_type(body)
    if body.startswith(_OLE):
        return _OLD_OFFICE.get(name.rsplit(".", 1)[-1].lower())
    return None


def why_refused(body: bytes) -> type[errors.FileRefused]:
    """The error with the most helpful sentence for bytes that `content_type` does not accept."""
    brands = _brands(body)
    if brands:
        return errors.HeicRefused if brands & _HEIC else errors.VideoRefused
    if body.startswith(_OLE) and _LOCKED in body:
        return errors.FileLocked
    text = _beginning(body)
    if _SVG.search(text):
        return errors.SvgRefused
    if _HTML.search(text):
        return errors.HtmlRefused
    return errors.FileRefused


def ending(kind: str, given: str) -> str:
    """The ending a file of this type is stored with: the given one where it fits, else the usual one."""
    known = _ENDINGS.get(kind) or tuple(ext for ext, old in _OLD_OFFICE.items() if old == kind) or (IMAGES[kind],)
    return given if given in known else known[0]


def _brands(body: bytes) -> set[bytes]:
    """The brands an ISO media file (HEIC, AVIF, MP4, MOV) names in its first box; none for other files."""
    if body[4:8] != b"ftyp":
        return set()
    size = min(int.from_bytes(body[:4], "big"), 256)
    return {body[8:12], *(body[at : at + 4] for at in range(16, size, 4))}


def _beginning(body: bytes) -> str:
    """The first characters of what may be a text, in lower case."""
    encoding = "utf-16" if body[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    return body[:4096].decode(encoding, "ignore").lower()


def _zip_type(body: bytes) -> str | None:
    try:
        names = zipfile.ZipFile(io.BytesIO(body)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    for prefix, (office_type, _) in _OFFICE.items():
        if any(name.startswith(prefix) for name in names):
            return office_type
    return ZIP
