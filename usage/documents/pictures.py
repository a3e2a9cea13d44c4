"""Pictures are drawn again: what they show stays, what they tell of camera and place goes."""

from io import BytesIO

from PIL import ExifTags, Image, ImageOps

from ..errors import FileRefused, PictureMoves, PictureTooLarge
from . import findings as found
from .reading import somebody_elses_file

STARTS = "\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "RIFF"
SUFFIXES = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
# A page at 600 dots per inch is 35 million.
MOST_DOTS = 50_000_000
# What a picture needs to look the same.
LOOKS = {"transparency", "icc_profile"}
QUALITY = {"JPEG": {"quality": 90}, "WEBP": {"quality": 90}, "PNG": {}}


def clean(content: bytes, findings) -> tuple[str, bytes]:
    with somebody_elses_file(), Image.open(BytesIO(content), formats=list(SUFFIXES)) as picture:
        _refuse(picture)
        _find(picture, findings)
        return SUFFIXES[picture.format], _drawn_again(picture)


def _refuse(picture):
    if picture.width * picture.height > MOST_DOTS:
        raise PictureTooLarge
    if picture.format not in SUFFIXES:
        raise FileRefused
    if getattr(picture, "n_frames", 1) > 1:
        raise PictureMoves


def _find(picture, findings):
    picture.load()
    exif = picture.getexif()
    findings.take(found.WHERE_TAKEN, where=bool(exif.get_ifd(ExifTags.IFD.GPSInfo)))
    findings.take(found.CAMERA, where=bool(exif) or "xmp" in picture.info)
    findings.take(found.HIDDEN_TEXT, where=bool(getattr(picture, "text", {})) or "comment" in picture.info)


def _drawn_again(picture):
    kind = picture.format
    upright = ImageOps.exif_transpose(picture)
    upright.info = {name: value for name, value in upright.info.items() if name in LOOKS}
    upright.getexif().clear()
    drawn = BytesIO()
    upright.save(drawn, kind, icc_profile=upright.info.get("icc_profile"), exif=b"", **QUALITY[kind])
    return drawn.getvalue()
