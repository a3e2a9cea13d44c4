"""What tests of the archive share: writing one to memory and reading it back."""

import io
import json
import zipfile

from privacy.rights.access import write_archive

# All that has broken an export before: quotes, backslashes, direction, control characters, line ends of every kind, formulas, markup.
HOSTILE = (
    "C:\\new\\table \"quoted\" 'single' <script>alert(1)</script> =1+1 %s {0} \\x \\\\ "
    '\u202eright to left \U0001f600 \x01\x02\x1f\x7f \u2028\u2029 \r\n\t {"a": [null]}'
)


class Opened:
    """An archive as its owner sees it after unpacking."""

    def __init__(self, raw: bytes):
        self.raw = raw
        self.zip = zipfile.ZipFile(io.BytesIO(raw))
        self.names = self.zip.namelist()
        self.manifest = self.json("manifest.json")
        self.parts = {part["record"]: part for part in self.manifest["parts"]}

    def json(self, name: str):
        return json.loads(self.zip.read(name))

    def rows(self, record: str) -> list[dict]:
        file = self.parts[record]["file"]
        return self.json(file) if file else []

    def everything(self) -> bytes:
        """All files, uncompressed."""
        return b"".join(self.zip.read(name) for name in self.names)


class WriteOnly(io.RawIOBase):
    """A file that can only be written to."""

    def __init__(self):
        self.blocks = []

    def writable(self):
        return True

    def write(self, block):
        self.blocks.append(bytes(block))
        return len(block)

    def raw(self) -> bytes:
        return b"".join(self.blocks)


def archive_of(member, **options) -> Opened:
    file = WriteOnly()
    write_archive(member.subject, file, **options)
    return Opened(file.raw())
