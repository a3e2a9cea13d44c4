"""What a person reads on a page, as text, and what the page asks the database."""

import html
import re

from django.db import connection
from django.test.utils import CaptureQueriesContext


def words_of(page: str) -> str:
    """Of the page itself, without menu and foot, on one line."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def questions(browser, address, query=None) -> int:
    """How many statements a page sends to the database."""
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address, query).status_code == 200
    return len(asked)
