"""Stops keeping a file that is too large while it still arrives."""

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from congtruong.media.checks.limits import MOST_BYTES


class Intake(FileUploadHandler):
    """First of the upload handlers: a file beyond the limit is read to its end, so that the sender gets an answer, but
    no more of it goes to the disk, and the form arrives without it.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > MOST_BYTES:
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
