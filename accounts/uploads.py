"""How much anybody may send as a file: what is over the bound is read off the line and kept nowhere."""

from io import BytesIO

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

# Times the bound that a whole request may be long. Up to here we read on, so that the form can say what is wrong.
PATIENCE = 10


class BoundedUploadHandler(FileUploadHandler):
    """Before Django's own handlers, which keep what they get in memory or on disk without asking how much (T-24).

    A file over settings.UPLOAD_BYTES_AT_MOST arrives empty, with its true size.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        if content_length > PATIENCE * settings.UPLOAD_BYTES_AT_MOST:
            raise RequestDataTooBig("The request is longer than any form of ours.")

    def receive_data_chunk(self, raw_data, start):
        return raw_data if start + len(raw_data) <= settings.UPLOAD_BYTES_AT_MOST else None

    def file_complete(self, file_size):
        if file_size <= settings.UPLOAD_BYTES_AT_MOST:
            return None
        self._let_go()
        return UploadedFile(BytesIO(), self.file_name, self.content_type, file_size)

    def _let_go(self):
        """What the others took until the bound; nobody else closes it, and only then it leaves the disk."""
        for handler in self.request.upload_handlers:
            if hasattr(handler, "file"):
                handler.file.close()
