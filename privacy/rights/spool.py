"""What was read of each record type until an archive is whole: in memory while small, else sealed on disk, where it outlives its worker."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ..conf import store
from ..errors import ArchiveMixedUp
from ..files import create
from . import vault

# What is smaller is read again after a kill, which is quicker than to write it down.
SMALL = 64 * 1024
RECEIPT = "receipt"
# What attempts keep for the next one lies in a folder of this name, and its key under a name that ends so.
PARTS = "parts"


class Spool:
    """The files of one archive, by the number of the attempt that wrote them: no two are sealed under the same key."""

    def __init__(self, folder: Path, key: bytes, about: bytes, *, attempt: int = 0):
        self.folder, self.attempt, self._key, self._about = folder, attempt, key, about

    def held(self, name: str) -> "Held":
        """A file to write."""
        return Held(self, name)

    def keep(self, name: str, receipt: dict, *files: "Held") -> None:
        """These files are whole, and what `receipt` says of them is true; a later attempt takes both up again (`kept`)."""
        if not any(file.is_on_disk for file in files):
            return
        for file in files:
            file.to_disk()
        written = Held(self, f"{name}.{RECEIPT}")
        written.write(json.dumps(receipt).encode())
        written.to_disk()

    def kept(self, name: str, *kinds: str) -> tuple[dict, list["Held"]] | None:
        """The receipt and the files `name.kind` of an earlier attempt; None where there are none, or something happened to them."""
        for path in sorted(self.folder.glob(f"{name}.{RECEIPT}.*")):
            attempt = path.name.rpartition(".")[2]
            with suppress(ArchiveMixedUp, FileNotFoundError, ValueError):
                receipt = json.loads(b"".join(Held(self, f"{name}.{RECEIPT}", attempt).blocks()))
                files = [Held(self, f"{name}.{kind}", attempt) for kind in kinds]
                for file in files:
                    file.reader().close()
                return receipt, files
        return None

    def path(self, name: str, attempt) -> Path:
        return self.folder / f"{name}.{attempt}"

    def cipher(self, path: Path) -> tuple[bytes, bytes]:
        """Key and name of one file."""
        derived = HKDF(SHA256(), length=32, salt=None, info=path.name.encode()).derive(self._key)
        return derived, self._about + b" " + path.name.encode()

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class Held:
    """One file: in memory while it is small, sealed on disk from then on."""

    def __init__(self, spool: Spool, name: str, written_by=None):
        self.path = spool.path(name, spool.attempt if written_by is None else written_by)
        self._spool, self._parts, self._size = spool, [], 0
        self._opened, self._sealing = ExitStack(), None
        self.is_on_disk = written_by is not None

    def write(self, block: bytes) -> None:
        if self._sealing is None and self._size + len(block) > SMALL:
            self._begin()
        if self._sealing:
            self._sealing.write(block)
        else:
            self._parts.append(block)
            self._size += len(block)

    def finish(self, error=None) -> None:
        """Nothing more comes; after an error nothing is left on disk."""
        if self._sealing is None:
            return
        if error is None:
            self._sealing.finish()
        self._sealing = None
        self._opened.__exit__(type(error) if error else None, error, None)

    def to_disk(self) -> None:
        """What is in memory still; what is on disk stays there."""
        if not self.is_on_disk:
            self._begin()
            self.finish()

    def _begin(self):
        self.path.unlink(missing_ok=True)
        file = self._opened.enter_context(create(self.path))
        self._sealing, self.is_on_disk = vault.Writer(file, *self._spool.cipher(self.path)), True
        for block in self._parts:
            self._sealing.write(block)
        self._parts, self._size = [], 0

    def reader(self) -> vault.Reader:
        return vault.Reader(self.path.open("rb"), *self._spool.cipher(self.path))

    def blocks(self) -> Iterator[bytes]:
        """What was written, as often as one asks."""
        if not self.is_on_disk:
            yield from self._parts
            return
        reader = self.reader()
        try:
            yield from reader.blocks()
        finally:
            reader.close()


@contextmanager
def writing(*files: Held):
    """All of them whole at the end, or none on disk."""
    try:
        yield
    except BaseException as error:
        for file in files:
            with suppress(BaseException):
                file.finish(error)
        raise
    for file in files:
        file.finish()


@contextmanager
def passing() -> Iterator[Spool]:
    """For an archive that is written in one go; nothing of it stays."""
    spool = Spool(Path(mkdtemp(dir=store(PARTS))), vault.new_key(), b"passing")
    try:
        yield spool
    finally:
        spool.remove()
