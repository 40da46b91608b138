from congtruong.core.errors import DomainError
from congtruong.media import phrases


class FileRefused(DomainError):
    code = "media.file_refused"
    message = phrases.KIND_REFUSED


class FileEmpty(FileRefused):
    code = "media.file_empty"
    message = phrases.EMPTY


class FileTooLarge(FileRefused):
    code = "media.file_too_large"
    message = phrases.TOO_LARGE


class ImageBroken(FileRefused):
    code = "media.image_broken"
    message = phrases.IMAGE_BROKEN


class ImageTooLarge(FileRefused):
    """Too many pixels, however few bytes."""

    code = "media.image_too_large"
    message = phrases.IMAGE_TOO_LARGE


class HeicRefused(FileRefused):
    code = "media.heic_refused"
    message = phrases.HEIC_REFUSED


class VideoRefused(FileRefused):
    code = "media.video_refused"
    message = phrases.VIDEO_REFUSED


class SvgRefused(FileRefused):
    code = "media.svg_refused"
    message = phrases.SVG_REFUSED


class HtmlRefused(FileRefused):
    code = "media.html_refused"
    message = phrases.HTML_REFUSED


class FileLocked(FileRefused):
    code = "media.file_locked"
    message = phrases.FILE_LOCKED


class ArchiveTooLarge(FileRefused):
    code = "media.archive_too_large"
    message = phrases.ARCHIVE_TOO_LARGE


class ArchiveBroken(FileRefused):
    code = "media.archive_broken"
    message = phrases.ARCHIVE_BROKEN


class QuotaFull(FileRefused):
    code = "media.quota_full"


class PartRefused(FileRefused):
    code = "media.part_refused"
    message = phrases.PART_REFUSED


class TooManyParts(FileRefused):
    code = "media.too_many_parts"
    message = phrases.TOO_MANY_PARTS


class PartMisplaced(DomainError):
    """The sender and we disagree about how much has arrived; `offset` is where to go on."""

    code = "media.part_misplaced"
    message = phrases.PART_MISPLACED

    def __init__(self, offset: int) -> None:
        self.offset = offset
        super().__init__()


class AnotherUnit(DomainError):
    code = "media.another_unit"
    message = phrases.ANOTHER_UNIT


class ConsentMissing(DomainError):
    """A photo of children stands among what should become public, without their consent."""

    code = "media.consent_missing"


class ConsentNoteMissing(DomainError):
    code = "media.consent_note_missing"
    message = phrases.CONSENT_NOTE_MISSING


class AssetInUse(DomainError):
    code = "media.asset_in_use"
