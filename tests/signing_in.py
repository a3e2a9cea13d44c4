"""Signing in as a person does: by the real page, so that the session has its record."""

from urllib.parse import urlsplit

from django.test import Client
from django.urls import Resolver404, resolve, reverse

from .makers import PASSWORD

# What somebody of the desk says before she opens a request.
WHY = {"why": "answer", "words": ""}


class Browser(Client):
    """Of somebody who says why she opens a request where the desk asks it (privacy.pages.opening), and then goes on."""

    says_why = True

    def generic(self, method, path, *args, **kwargs):
        answer = super().generic(method, path, *args, **kwargs)
        if not (self.says_why and _asks_why(answer)):
            return answer
        super().generic("POST", answer["Location"], *_as_a_form(WHY))
        return super().generic(method, path, *args, **kwargs)


def _asks_why(answer) -> bool:
    try:
        return answer.status_code == 302 and resolve(urlsplit(answer["Location"]).path).view_name == "privacy:open"
    except Resolver404:
        return False


def _as_a_form(fields):
    return "&".join(f"{name}={value}" for name, value in fields.items()).encode(), "application/x-www-form-urlencoded"


def browser_of(member, *, password=PASSWORD, says_why=True, **options) -> Client:
    """A browser in which this member just signed in, and read that she is."""
    client = Browser(**options)
    client.says_why = says_why
    answer = client.post(reverse("account_login"), {"login": member.email, "password": password})
    assert answer.status_code == 302, answer.content.decode()
    client.get(reverse("account"))
    return client
