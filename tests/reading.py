"""What a person reads on a page, as text."""

import html
import re


def words_of(page: str) -> str:
    """Of the page itself, without menu and foot, on one line."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))
