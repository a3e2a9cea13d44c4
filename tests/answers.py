"""All that a person sees of an answer of ours, and all that somebody who compares answers can measure."""

import re
from contextlib import suppress

from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.addresses import one_spelling

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
# Differ from one answer to the next, whoever asks.
NOT_COMPARED = {"Content-Length", "Expires"}


def answers(path, fields, *, about, client=None):
    """Status, place and page of every answer on the way, and which cookies were set."""
    client = client or Client()
    client.get(path)
    return seen_from(client, client.post(path, fields), about)


def seen_from(client, response, about):
    seen = [seen_of(response, about)]
    while response.status_code == 302:
        response = client.get(response.url)
        seen.append(seen_of(response, about))
    return seen, sorted((name, cookie["max-age"]) for name, cookie in client.cookies.items())


def seen_of(response, about):
    """The typed address is the same sign for everybody, in each of its spellings."""
    page = TOKEN.sub("", response.content.decode())
    with suppress(ValidationError):
        page = page.replace(one_spelling(about), "ADDRESS")
    page = page.replace(about, "ADDRESS").replace(about.strip(), "ADDRESS")
    headers = {name: value for name, value in response.headers.items() if name not in NOT_COMPARED}
    return response.status_code, headers, page


def measured(ask):
    """What `ask()` shows, and how many questions it put to the database."""
    with CaptureQueriesContext(connection) as asked:
        seen = ask()
    return seen, len(asked)
