"""The documentation leads where it says: every relative link has a file and a heading at its end, every page is found from the README."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from .browser.illustrations import FOLDER, ILLUSTRATIONS
from .browser.pages import PAGES as SITE_PAGES

ROOT = Path(__file__).resolve().parents[1]
# Files that the sample partner runs on; its page leads to them.
OF_A_PROGRAM = {"sample_partner", "templates", "static", "__pycache__"}
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def links(page):
    """(words, file, anchor) of each relative link on a page."""
    for words, target in LINK.findall(CODE.sub("`", page.read_text(encoding="utf-8"))):
        address = urlsplit(target)
        if not address.scheme:
            file = page.parent / unquote(address.path) if address.path else page
            yield words, file.resolve(), address.fragment


def anchors(page):
    """As GitHub and GitLab make them of headings."""
    headings = HEADING.findall(re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    dead = [str(file) for _words, file, anchor in links(page) if not file.exists() or (anchor and anchor not in anchors(file))]

    assert dead == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pictures_are_described(page):
    pictures = re.findall(r"!\[([^\]]*)\]", page.read_text(encoding="utf-8"))

    assert all(len(words) > 20 for words in pictures)


def test_every_page_and_picture_is_found_from_the_readme():
    found, ahead = set(), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        found.add(page)
        if page.suffix == ".md":
            ahead += {file for _words, file, _anchor in links(page)} - found

    kept = {
        file for file in (ROOT / "docs").rglob("*") if file.is_file() and (file.suffix == ".md" or file.parent.name not in OF_A_PROGRAM)
    }
    assert kept - found == set()


def test_each_picture_of_an_erasure_is_of_a_page_that_there_is():
    assert {each.what for each in ILLUSTRATIONS} <= {page.what for page in SITE_PAGES}
    assert {f"{each.name}.webp" for each in ILLUSTRATIONS} == {file.name for file in FOLDER.iterdir()}
