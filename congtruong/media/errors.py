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
