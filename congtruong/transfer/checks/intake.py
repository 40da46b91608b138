"""How much of a former site may arrive through a form."""

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

MOST_BYTES = 500 * 1024 * 1024


class SiteIntake(FileUploadHandler):
    """Keeps no more of a file than is accepted; the sender gets an answer, the form arrives without the file."""

    most = MOST_BYTES

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > self.most:
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
