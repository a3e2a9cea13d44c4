"""A file that somebody sends to be looked at, and that nobody keeps."""

from io import BytesIO
from tempfile import TemporaryFile

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

# Times the bound that a request may be long. Up to here we read on, so that the page can say what is wrong.
PATIENCE = 2


class PassingHandler(FileUploadHandler):
    """Into a file that has no name, so that it is gone with the request, even where the process is killed.

    What is over the bound arrives empty, with its true size.
    """

    def __init__(self, most: int):
        super().__init__()
        self._most = most

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        if content_length > PATIENCE * self._most + self.chunk_size:
            raise RequestDataTooBig("The request is longer than any archive that we check.")

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self._file = TemporaryFile()  # noqa: SIM115 - Django closes what it got with the request

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) <= self._most:
            self._file.write(raw_data)
        elif self._file.tell():
            self._file.seek(0)
            self._file.truncate()

    def file_complete(self, file_size):
        self._file.seek(0)
        if file_size <= self._most:
            return UploadedFile(self._file, self.file_name, self.content_type, file_size)
        self._file.close()
        return UploadedFile(BytesIO(), self.file_name, self.content_type, file_size)

    def upload_interrupted(self):
        self._file.close()
