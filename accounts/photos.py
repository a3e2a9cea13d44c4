"""The photo of a profile: what was sent is decoded and drawn anew, so that nothing but the picture is kept."""

import struct
import uuid
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from .errors import PhotoTooDetailed, PhotoTooLarge, PhotoTooSmall, PhotoUnreadable

# The contents decide, whatever the name says.
FORMATS = ("JPEG", "PNG", "WEBP")
# A larger picture is refused by its head. Phones take 24 megapixels by themselves, in JPEG, which is decoded small;
# the other formats are decoded whole, several times over (measured: 230 MB for a WebP of 12 megapixels).
PIXELS_AT_MOST = {"JPEG": 25_000_000, "MPO": 25_000_000, "PNG": 12_000_000, "WEBP": 12_000_000}
# Pixels of a side: what we keep, twice what our pages show; and below which nobody is to be recognised.
SIDE, SIDE_AT_LEAST = 400, 100
CONTENT_TYPE, ENDING, QUALITY = "image/webp", ".webp", 82
FOLDER = "photos"
# Of what is sent; a phone writes 5 MB.
BYTES_AT_MOST = 10 * 2**20
# A file that no account names may belong to an upload that is still under way.
ORPHAN_AFTER = timedelta(days=1)
# How Pillow says that a picture is broken, besides its own refusal of bombs.
BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError, struct.error, Image.DecompressionBombError)


def portrait(upload) -> bytes:
    """A square picture without a word of what came with it: no place, camera, colour profile or comment (T-11)."""
    if upload.size > BYTES_AT_MOST:
        raise PhotoTooLarge
    try:
        with Image.open(upload, formats=FORMATS) as image:
            _refuse_extremes(image)
            return _encoded(_squared(image))
    except BROKEN:
        raise PhotoUnreadable from None


def _refuse_extremes(image):
    """By what its head says, before anything is decoded."""
    if image.width * image.height > PIXELS_AT_MOST[image.format]:
        raise PhotoTooDetailed
    if min(image.size) < SIDE_AT_LEAST:
        raise PhotoTooSmall


def _squared(image):
    """Upright, its middle, on white where it was transparent. A new image takes nothing along; of several frames it has the first."""
    image.draft("RGB", (SIDE, SIDE))  # a JPEG is decoded no larger than needed
    is_clear = image.has_transparency_data
    upright = _in_eight_bits(ImageOps.exif_transpose(image)).convert("RGBA" if is_clear else "RGB")
    cut = ImageOps.fit(upright, (min(SIDE, *upright.size),) * 2, Image.Resampling.LANCZOS)
    drawn = Image.new("RGB", cut.size, "white")
    drawn.paste(cut, mask=cut if is_clear else None)
    return drawn


def _in_eight_bits(image):
    """A scan may have grey in 16 bits, which would all be white."""
    return image.point(lambda grey: grey * (1 / 256)).convert("L") if image.mode.startswith("I;16") else image


def _encoded(image) -> bytes:
    written = BytesIO()
    image.save(written, "WEBP", quality=QUALITY, method=4)
    return written.getvalue()


def store(picture: bytes) -> str:
    """The path of a new file, whose name says nothing."""
    return default_storage.save(path_of(uuid.uuid4()), ContentFile(picture))


def path_of(key: uuid.UUID) -> str:
    return f"{FOLDER}/{key}{ENDING}"


def key_of(path: str) -> str:
    """What stands in the photo's address: as random as the file's name, and another for each photo."""
    return PurePosixPath(path).stem


def read(path: str) -> bytes | None:
    """None where the file is gone, or its name leads out of where files lie."""
    with suppress(FileNotFoundError, SuspiciousFileOperation), default_storage.open(path) as file:
        return file.read()


def remove(path: str) -> None:
    default_storage.delete(path)


def remove_orphans(named, *, now) -> int:
    """Remove what a crash left between storing a file and naming it; how many. `named(paths)` gives those that an account names."""
    with suppress(FileNotFoundError):
        paths = [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
        orphans = [path for path in set(paths) - named(paths) if default_storage.get_modified_time(path) < now - ORPHAN_AFTER]
        for path in orphans:
            remove(path)
        return len(orphans)
    return 0
