"""Pressing the button, saying yes at the stand-in provider, and coming back, by the addresses that a browser would follow."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import requests
from django.test import Client
from django.urls import reverse

from config.env import openid_apps


def address_of_button():
    return reverse("openid_connect_login", args=[openid_apps()[0]["provider_id"]])


def press(client: Client, **fields):
    """The page that leads to the provider."""
    return client.post(address_of_button(), fields)


def place_of(page) -> str:
    """Where that page leads to."""
    return html.unescape(re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())[1])


def say(there: str, answer="yes") -> str:
    """The address that the provider sends her back to."""
    return requests.post(there, {"answer": answer}, allow_redirects=False, timeout=10).headers["Location"]


def come_back(client: Client, address: str):
    parts = urlsplit(address)
    return client.get(parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()})


def go(client: Client | None = None, **fields):
    """All of it; what the callback answers."""
    client = client or Client()
    return come_back(client, say(place_of(press(client, **fields))))
