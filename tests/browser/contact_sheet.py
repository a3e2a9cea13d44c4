"""python -m tests.browser.contact_sheet: every page on the demonstration's data, on one sheet in light and one in dark.

Writes docs/pages-light.webp, docs/pages-dark.webp, the list in docs/pages.md and the pictures of docs/erasure.md; the people on them are
the same each time.
"""

import io
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import django
from PIL import Image, ImageDraw, ImageFont

DOCS = Path(__file__).resolve().parents[2] / "docs"
# Width of the window -> width of its picture on the sheet.
WIDTHS = {1280: 440, 360: 165}
PICTURE_HEIGHT, CAPTION_HEIGHT, GAP = 560, 30, 14
# A side of a WebP has 16,383 pixels at most: room for 200 pages.
COLUMNS = 8
# Background and ink of a sheet.
SCHEMES = {"light": ("#dfe5e0", "#17231f"), "dark": ("#05090a", "#e4eae5")}
QUALITY = 45
LIST = re.compile(r"(?<=<!-- pages -->\n).*?(?=<!-- /pages -->)", re.DOTALL)


@dataclass
class Sheet:
    """One appearance: the pictures of each page side by side, under its number."""

    scheme: str
    cells: list[Image.Image] = field(default_factory=list)

    def add(self, caption, pictures):
        background, ink = SCHEMES[self.scheme]
        cell = Image.new("RGB", (sum(WIDTHS.values()) + GAP, CAPTION_HEIGHT + PICTURE_HEIGHT), background)
        ImageDraw.Draw(cell).text((0, 6), caption, fill=ink, font=ImageFont.load_default(17))
        left = 0
        for picture in pictures:
            cell.paste(picture, (left, CAPTION_HEIGHT))
            left += picture.width + GAP
        self.cells.append(cell)

    def save(self):
        across, down = self.cells[0].width + 2 * GAP, self.cells[0].height + 2 * GAP
        rows = -(-len(self.cells) // COLUMNS)
        sheet = Image.new("RGB", (across * COLUMNS, down * rows), SCHEMES[self.scheme][0])
        for number, cell in enumerate(self.cells):
            sheet.paste(cell, (number % COLUMNS * across + GAP, number // COLUMNS * down + GAP))
        path = DOCS / f"pages-{self.scheme}.webp"
        sheet.save(path, quality=QUALITY, method=6)
        print(f"{path.relative_to(DOCS.parent)}: {len(self.cells)} pages, {path.stat().st_size / 1000:.0f} kB")


def picture(page, scheme, width):
    """As far down as the sheet has room for."""
    scale = width / WIDTHS[width]
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    tall = page.evaluate("document.documentElement.scrollHeight")
    seen = {"x": 0, "y": 0, "width": width, "height": min(tall, PICTURE_HEIGHT * scale)}
    shot = Image.open(io.BytesIO(page.screenshot(full_page=True, clip=seen))).convert("RGB")
    return shot.resize((WIDTHS[width], round(shot.height / scale)), Image.Resampling.LANCZOS)


def write_list(pages):
    """The numbers on the sheets, in words."""
    path = DOCS / "pages.md"
    lines = [f"{number}. {page.what[0].upper()}{page.what[1:]} (`{page.name}`)" for number, page in enumerate(pages, 1)]
    path.write_text(LIST.sub(lambda _found: "\n".join(["", *lines, "", ""]), path.read_text()))


def draw(chromium, site):
    # They need settings.
    from . import illustrations, program, scene
    from .pages import PAGES
    from .signed_in import SignedIn
    from .watch import watched_page

    played, signed_in, sheets = scene.play(site), SignedIn(chromium, site), [Sheet(scheme) for scheme in SCHEMES]
    for number, page in enumerate(PAGES, 1):
        with program.window(chromium, site.address, storage_state=signed_in(page.who)) as window:
            watch = watched_page(window)
            page.visit(watch, site, played)
            for sheet in sheets:
                pictures = [picture(watch.page, sheet.scheme, width) for width in WIDTHS]
                sheet.add(f"{number}  {page.what}", pictures)
            illustrations.draw(watch.page, page.what)
    for sheet in sheets:
        sheet.save()
    write_list(PAGES)


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from tests import openid

    from . import moderating, program, scene
    from .site import open_site

    with (
        program.started() as chromium,
        openid.running() as elsewhere,
        open_site(fill=scene.furnish, **openid.environment(elsewhere), **moderating.environment()) as site,
    ):
        draw(chromium, site)


if __name__ == "__main__":
    main()
