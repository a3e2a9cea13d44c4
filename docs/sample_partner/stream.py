"""Asking the platform to bring us its events: once, as ourselves, by a token of our own (client_credentials)."""

import time

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from .events import AUTHORIZATION, WANTED
from .settings import ADDRESS, CLIENT_ID, CLIENT_SECRET, PLATFORM

SCOPE = "ssf.read ssf.manage"
PUSH = "urn:ietf:rfc:8935"
# Seconds between two tries while the platform does not answer yet.
AGAIN = 1


def keep() -> str:
    """Its number. A program has one stream: the one of our last start leads here from now on."""
    with OAuth2Session(CLIENT_ID, CLIENT_SECRET, scope=SCOPE) as us:
        places = us.get(f"{PLATFORM}/.well-known/ssf-configuration", withhold_token=True).json()
        us.fetch_token(f"{PLATFORM}/oauth/token/", grant_type="client_credentials")
        wanted = {
            "delivery": {"method": PUSH, "endpoint_url": f"{ADDRESS}/events", "authorization_header": AUTHORIZATION},
            "events_requested": list(WANTED),
        }
        number = _made_or_led_here(us, places["configuration_endpoint"], wanted)
        us.post(places["status_endpoint"], json={"stream_id": number, "status": "enabled"}).raise_for_status()
        # An event of no consequence comes back; asked twice within half a minute it is refused (429), which is no harm.
        us.post(places["verification_endpoint"], json={"stream_id": number, "state": "we zijn er"})
    return number


def _made_or_led_here(us, address, wanted) -> str:
    there = us.get(address).json()
    answer = us.put(address, json=wanted | {"stream_id": there[0]["stream_id"]}) if there else us.post(address, json=wanted)
    answer.raise_for_status()
    return answer.json()["stream_id"]


def keep_once_it_answers() -> None:
    while True:
        try:
            keep()
        except (requests.RequestException, OAuthError):
            time.sleep(AGAIN)
        else:
            return
