"""The pictures of docs/erasure.md: what a data protection officer sees of an erasure, on the demonstration's data."""

import io
import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).resolve().parents[2] / "docs/erasure"
# Of the window, and of a picture of all of it; around what is pictured.
WINDOW, WIDTH, AIR = 1100, 800, 16
QUALITY = 60
LEFT = "section[aria-labelledby=left]"


@dataclass(frozen=True)
class Illustration:
    """Of the page that tests/browser/pages.py calls `what`, from one element down to another."""

    what: str
    name: str
    first: str = "main h1"
    last: str = "main .wrap > :last-child"

    def take(self, page) -> Image.Image:
        page.locator(f"{LEFT} li > details").evaluate_all("found => found.forEach(each => { each.open = true })")
        first, last = (page.locator(place).last.bounding_box() for place in (self.first, self.last))
        left, top = first["x"] - AIR, first["y"] - AIR
        seen = {"x": left, "y": top, "width": first["width"] + 2 * AIR, "height": last["y"] + last["height"] + AIR - top}
        return Image.open(io.BytesIO(page.screenshot(full_page=True, clip=seen)))


class Paper(Illustration):
    """The first sheet of the certificate that the page leads to; takes pdftoppm (Debian: poppler-utils)."""

    def take(self, page):
        paper = page.request.get(page.locator("main a[href$='.pdf']").get_attribute("href")).body()
        drawn = subprocess.run(["pdftoppm", "-png", "-r", "110", "-l", "1", "-"], input=paper, capture_output=True, check=True)
        return Image.open(io.BytesIO(drawn.stdout))


ILLUSTRATIONS = [
    Illustration("what goes, what stays?", "preview", last="main tbody tr:nth-child(2)"),
    Illustration("the last question", "confirm"),
    Illustration("an erasure that can be taken back", "hidden"),
    Illustration("an erasure that left something behind", "steps", last="section[aria-labelledby=steps]"),
    Illustration("an erasure that left something behind", "remains", first=LEFT, last=LEFT),
    Illustration("an erasure that is proven", "findings", first=LEFT, last=LEFT),
    Paper("an erasure that is proven", "certificate"),
    Illustration("is this certificate yours?", "check", last="main .leaf > section:first-of-type"),
]


def draw(page, what: str) -> None:
    """Those of this page, which is open."""
    for each in (illustration for illustration in ILLUSTRATIONS if illustration.what == what):
        page.set_viewport_size({"width": WINDOW, "height": 900})
        page.emulate_media(color_scheme="light")
        shot = each.take(page).convert("RGB")
        FOLDER.mkdir(exist_ok=True)
        path = FOLDER / f"{each.name}.webp"
        shot.thumbnail((shot.width * WIDTH // WINDOW, shot.height), Image.Resampling.LANCZOS)
        shot.save(path, quality=QUALITY, method=6)
        print(f"docs/erasure/{path.name}: {path.stat().st_size / 1000:.0f} kB")
