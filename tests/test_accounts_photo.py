"""The photo of a profile: what is sent, what is kept of it, who gets to see it, and when it goes."""

import re
import struct
import uuid
import zlib
from contextlib import suppress
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageCms, ImageFile, PngImagePlugin

from accounts import consent, photos, tasks
from accounts.errors import AccountLeaving, PhotoRefused, PhotoTooDetailed, PhotoTooLarge, PhotoTooSmall, PhotoUnreadable
from privacy.casework import cases
from privacy.datamap import Right
from privacy.models import FileRemoval
from privacy.rights import erasure

from .makers import make_picture
from .properties.acts import erase
from .signing_in import browser_of

PROFILE, UPLOAD = "/profile/", "/profile/photo/"
SCRIPT = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><script>alert(1)</script></svg>'


def sent(content, name="an.jpg"):
    return SimpleUploadedFile(name, content)


def kept_of(content) -> Image.Image:
    return Image.open(BytesIO(photos.portrait(sent(content))))


def send(browser, content, name="an.jpg"):
    return browser.post(UPLOAD, {"photo": sent(content, name)}, follow=True)


def said(answer) -> str:
    return unescape(answer.content.decode())


def files() -> list[str]:
    return default_storage.listdir("photos")[1] if default_storage.exists("photos") else []


def frames(kind, **options):
    """Red, then blue."""
    first, second = (Image.new("RGB", (200, 200), colour) for colour in ("red", "blue"))
    written = BytesIO()
    first.save(written, kind, save_all=True, append_images=[second], **options)
    return written.getvalue()


def png_that_says(width, height):
    """A head without a body: a few bytes that promise a picture of this size."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = b"IDAT" + zlib.compress(b"")
    chunks = [struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in (head, body, b"IEND")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


# What is kept.


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_kind_becomes_a_square_of_ours(kind):
    kept = kept_of(make_picture((900, 600), kind, colour="red"))

    assert (kept.format, kept.size, kept.mode) == ("WEBP", (400, 400), "RGB")
    assert kept.getpixel((200, 200))[0] > 240


@pytest.mark.parametrize(
    ("kind", "mode", "colour"),
    [
        ("JPEG", "CMYK", (0, 255, 255, 0)),
        ("JPEG", "L", 90),
        ("PNG", "P", 0),
        ("PNG", "1", 1),
        ("PNG", "LA", (9, 90)),
        ("PNG", "I;16", 40_000),
    ],
)
def test_each_way_to_hold_colours_can_be_read(kind, mode, colour):
    kept = kept_of(make_picture((300, 300), kind, mode=mode, colour=colour))

    assert (kept.size, kept.mode) == ((300, 300), "RGB")


def test_red_in_print_stays_red_and_grey_in_sixteen_bits_stays_grey():
    red = kept_of(make_picture((300, 300), "JPEG", mode="CMYK", colour=(0, 255, 255, 0))).getpixel((9, 9))
    grey = kept_of(make_picture((300, 300), "PNG", mode="I;16", colour=40_000)).getpixel((9, 9))

    assert red[0] > 200 > 60 > max(red[1:])
    assert all(140 < part < 170 for part in grey)


def test_what_is_transparent_becomes_white():
    assert kept_of(make_picture((200, 200), "PNG", mode="RGBA", colour=(0, 0, 0, 0))).getpixel((9, 9)) == (255, 255, 255)


def test_a_photo_taken_sideways_is_turned():
    turned = Image.Exif()
    turned[0x0112] = 6  # the right side is the top
    picture = Image.new("RGB", (400, 400), "blue")
    picture.paste("red", (0, 0, 200, 400))
    written = BytesIO()
    picture.save(written, "JPEG", exif=turned, quality=95)

    kept = kept_of(written.getvalue())

    assert kept.getpixel((200, 50))[0] > 200
    assert kept.getpixel((200, 350))[2] > 200


def test_nothing_that_came_with_the_photo_is_kept():
    """Place, camera, colour profile, program, comment: none of it says how she looks."""
    exif = Image.Exif()
    exif[0x010E] = "zqbeschrijving"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 3.0, 0.0), 29: "zqplaats"})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    told = {"exif": exif, "icc_profile": profile, "xmp": b"<x:xmpmeta>zqxmp</x:xmpmeta>"}
    comment = PngImagePlugin.PngInfo()
    comment.add_text("Comment", "zqcomment")
    sources = [
        make_picture(kind="JPEG", comment=b"zqcomment", **told),
        make_picture(kind="WEBP", **told),
        make_picture(kind="PNG", pnginfo=comment, exif=exif, icc_profile=profile),
    ]

    for source in sources:
        assert b"zq" in source
        content = photos.portrait(sent(source))
        kept = Image.open(BytesIO(content))
        assert not kept.getexif()
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(kept.info)
        assert not [word for word in (b"zq", b"EXIF", b"ICCP", b"XMP ", b"VP8X") if word in content]


@pytest.mark.parametrize(
    "source", [make_picture(kind="JPEG") + SCRIPT, make_picture(kind="PNG") + SCRIPT, make_picture(kind="JPEG", comment=SCRIPT)]
)
def test_what_hides_behind_a_picture_is_gone(source):
    """T-11: one file that is a picture to us and a page to a browser."""
    assert SCRIPT in source
    assert SCRIPT not in photos.portrait(sent(source))


@pytest.mark.parametrize("moving", [frames("WEBP"), frames("PNG"), frames("MPO")], ids=["WEBP", "PNG", "MPO"])
def test_of_a_moving_picture_the_first_frame_is_kept(moving):
    kept = kept_of(moving)

    assert (getattr(kept, "n_frames", 1), kept.getpixel((9, 9))[0] > 200) == (1, True)


# What is refused.


@pytest.mark.parametrize(
    "content",
    [
        b"Dag, ik ben geen foto.",
        SVG,
        frames("GIF"),
        make_picture(kind="JPEG")[:300],
        make_picture(kind="BMP"),
        b"RIFF\xff\xff\xff\xffWEBPVP8X",
        b"\xff\xd8\xff",
    ],
    ids=["text", "svg", "gif", "cut off", "bmp", "no webp", "no jpeg"],
)
def test_what_is_no_photo_is_refused_whatever_it_is_called(content):
    with pytest.raises(PhotoUnreadable):
        photos.portrait(sent(content, "an.jpg"))


@pytest.mark.parametrize("size", [(5_000, 5_001), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_before_it_is_decoded(size, monkeypatch):
    """T-24: a few bytes that would take gigabytes."""
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda image: pytest.fail("decoded"))

    with pytest.raises(PhotoRefused):
        photos.portrait(sent(png_that_says(*size)))


def test_more_pixels_than_we_decode_are_refused_in_those_words():
    with pytest.raises(PhotoTooDetailed):
        photos.portrait(sent(png_that_says(4_001, 3_000)))


@pytest.mark.parametrize("size", [(1, 1), (99, 500), (3_000, 1)])
def test_a_photo_on_which_nobody_can_be_seen_is_refused(size):
    with pytest.raises(PhotoTooSmall):
        photos.portrait(sent(make_picture(size, "PNG")))


@pytest.mark.parametrize("place", range(0, 600, 25))
def test_a_damaged_photo_is_read_or_refused_and_breaks_nothing(place):
    content = bytearray(make_picture(kind="PNG", colour="red") if place % 2 else make_picture((500, 400), "JPEG"))
    content[place % len(content)] ^= 0xFF

    with suppress(PhotoRefused):
        assert photos.portrait(sent(bytes(content)))


# Sending it.


def test_a_photo_that_was_sent_is_shown(an, django_capture_on_commit_callbacks):
    """K-3."""
    answer = send(browser_of(an), make_picture(kind="JPEG"))

    an.refresh_from_db()
    assert answer.redirect_chain == [(PROFILE, 302)]
    assert an.photo_url in said(answer)
    assert re.fullmatch(r"photos/[0-9a-f-]{36}\.webp", an.photo.name)
    assert files() == [an.photo.name.removeprefix("photos/")]


@pytest.mark.parametrize("content", [SVG, b"geen foto", b""])
def test_a_refused_photo_says_why_beside_its_field_and_leaves_nothing(an, content):
    answer = send(browser_of(an), content, "an.jpg")

    assert answer.context["forms"]["photo"].errors["photo"]
    assert 'aria-invalid="true"' in said(answer)
    assert files() == []


def test_who_sends_no_file_is_asked_for_one(an):
    assert browser_of(an).post(UPLOAD).context["forms"]["photo"].errors["photo"]


def test_a_file_of_twenty_megabytes_is_refused_in_words_and_kept_nowhere(an, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    browser = browser_of(an)

    answer = send(browser, make_picture(kind="JPEG") + bytes(20 * 2**20))

    assert answer.context["forms"]["photo"].errors == {"photo": [str(PhotoTooLarge.sentence)]}
    assert (files(), list(tmp_path.glob("*.upload*"))) == ([], [])


def test_what_is_over_the_bound_is_never_held(rf, settings):
    settings.UPLOAD_BYTES_AT_MOST = 1000

    large, small = (rf.post("/", {"photo": sent(bytes(size))}).FILES["photo"] for size in (9_000, 1_000))

    assert (large.size, large.read(), small.size) == (9_000, b"", 1_000)


def test_what_is_over_the_bound_is_not_even_handed_on(rf, settings, monkeypatch):
    settings.UPLOAD_BYTES_AT_MOST, settings.FILE_UPLOAD_MAX_MEMORY_SIZE, taken = 200_000, 0, []
    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", lambda handler, data, start: taken.append(len(data)))

    assert rf.post("/", {"photo": sent(bytes(400_000))}).FILES["photo"].size == 400_000

    assert 0 < sum(taken) <= 200_000


def test_a_request_that_no_form_of_ours_can_send_is_cut_off(an, settings):
    browser = browser_of(an)
    settings.UPLOAD_BYTES_AT_MOST = 1000

    assert send(browser, bytes(20_000)).status_code == 413


def test_a_photo_of_ten_megabytes_is_taken(an):
    """Zeros behind the picture, as a phone writes them."""
    content = make_picture(kind="JPEG")

    answer = send(browser_of(an), content + bytes(10 * 2**20 - len(content)))

    assert answer.redirect_chain == [(PROFILE, 302)]


def test_a_name_of_a_file_is_not_kept(an):
    send(browser_of(an), make_picture(), "../../an peeters <script>.jpg")

    assert "peeters" not in "".join(files())


# Replacing, taking back, erasing.


def test_the_photo_before_goes_when_another_comes(an, django_capture_on_commit_callbacks):
    consent.show_photo(an, make_picture(colour="red"))

    with django_capture_on_commit_callbacks(execute=True):
        consent.show_photo(an, make_picture(colour="blue"))

    an.refresh_from_db()
    assert files() == [an.photo.name.removeprefix("photos/")]
    assert not FileRemoval.objects.exists()


def test_a_photo_that_is_taken_back_is_gone(an, django_capture_on_commit_callbacks):
    consent.show_photo(an, make_picture())

    with django_capture_on_commit_callbacks(execute=True):
        consent.withdraw(an, ["photo"])

    an.refresh_from_db()
    assert (an.photo.name, an.photo_url, files()) == ("", "", [])


def test_a_crash_before_the_file_is_removed_is_made_good_at_night(an):
    consent.show_photo(an, make_picture())
    consent.withdraw(an, ["photo"])
    assert len(files()) == 1

    erasure.remove_expired_files()

    assert files() == []


def test_erasing_an_takes_her_photo_and_leaves_that_of_bo(an, bo):
    """G-41, G-44."""
    consent.show_photo(an, make_picture(colour="red"))
    consent.show_photo(bo, make_picture(colour="blue"))

    erase(an.subject)

    bo.refresh_from_db()
    assert files() == [bo.photo.name.removeprefix("photos/")]


def test_a_photo_that_comes_while_she_leaves_is_not_kept(an):
    cases.approve(cases.submit(Right.ERASURE, subject=an.subject), subject=an.subject)

    with pytest.raises(AccountLeaving):
        consent.show_photo(an, make_picture())

    an.refresh_from_db()
    assert (an.photo.name, files()) == ("", [])


def test_a_photo_that_comes_after_she_left_is_not_kept(an):
    erase(an.subject)

    with pytest.raises(AccountLeaving):
        consent.show_photo(an, make_picture())

    assert files() == []


def test_a_failure_while_a_photo_is_named_leaves_no_file(an, monkeypatch):
    consent.show_photo(an, make_picture())
    before = files()
    monkeypatch.setattr(consent, "_tell", lambda *_args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        consent.show_photo(an, make_picture())

    assert files() == before


def test_what_a_crash_left_unnamed_is_found_the_next_night(an, monkeypatch):
    consent.show_photo(an, make_picture())
    kept = files()
    default_storage.save("photos/verloren.webp", ContentFile(b"x"))

    tasks.clear_photos()
    assert len(files()) == 2
    monkeypatch.setattr(photos, "ORPHAN_AFTER", timedelta(seconds=-5))
    tasks.clear_photos()

    assert files() == kept


def test_without_photos_the_night_has_nothing_to_do(db):
    assert photos.remove_orphans(lambda paths: set(), now=timezone.now()) == 0


# Who gets to see it.


def test_everybody_who_has_its_address_sees_a_photo_and_nothing_but_a_photo(an, client):
    picture = photos.portrait(sent(make_picture()))
    consent.show_photo(an, picture)
    an.refresh_from_db()

    answer = client.get(an.photo_url)

    assert (answer.content, answer["Content-Type"]) == (picture, "image/webp")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == "inline"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-cache"


def test_the_address_of_a_photo_does_not_say_whose_it_is(an, client):
    consent.show_photo(an, make_picture())
    an.refresh_from_db()

    assert str(an.pk) not in an.photo_url
    assert client.get(reverse("accounts:photo", args=[an.pk])).status_code == 404
    assert client.get(reverse("accounts:photo", args=[uuid.uuid4()])).status_code == 404


def test_a_photo_that_a_browser_has_is_not_sent_again(an, client):
    consent.show_photo(an, make_picture())
    an.refresh_from_db()
    etag = client.get(an.photo_url)["ETag"]

    again = client.get(an.photo_url, headers={"If-None-Match": etag})

    assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", "private, no-cache")


def test_a_photo_is_gone_at_once_when_she_is_hidden(an, client):
    consent.show_photo(an, make_picture())
    an.refresh_from_db()
    address, etag = an.photo_url, client.get(an.photo_url)["ETag"]

    erasure.hide(an.subject)

    assert client.get(address, headers={"If-None-Match": etag}).status_code == 404
    assert an.photo_url == ""


def test_a_photo_whose_file_is_gone_is_a_page_that_says_so(an, client):
    consent.show_photo(an, make_picture())
    an.refresh_from_db()
    default_storage.delete(an.photo.name)

    assert client.get(an.photo_url).status_code == 404
    assert browser_of(an).get(PROFILE).status_code == 200


@pytest.mark.parametrize("address", ["/media/{}", "/static/{}", "/{}"])
def test_uploads_are_served_by_no_other_address(an, client, address):
    consent.show_photo(an, make_picture())
    an.refresh_from_db()

    assert client.get(address.format(an.photo.name)).status_code == 404


def test_uploads_can_be_read_by_our_own_process_alone(an):
    consent.show_photo(an, make_picture())
    an.refresh_from_db()

    file = default_storage.path(an.photo.name)

    assert Path(file).stat().st_mode & 0o777 == 0o600
