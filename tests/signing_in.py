"""Signing in as a person does: by the real page, so that the session has its record."""

from django.test import Client
from django.urls import reverse

from .makers import PASSWORD


def browser_of(member, *, password=PASSWORD, **options) -> Client:
    """A browser in which this member just signed in, and read that she is."""
    client = Client(**options)
    answer = client.post(reverse("account_login"), {"login": member.email, "password": password})
    assert answer.status_code == 302, answer.content.decode()
    client.get(reverse("account"))
    return client
