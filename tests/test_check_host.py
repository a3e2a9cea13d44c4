"""The settings give keys a place and letters an address, and trust makers that can be known: E019, W003, W007."""

import json

import pytest
from django.core.exceptions import ImproperlyConfigured

from privacy.conf import store

from .brought import ELSEWHERE, JWKS
from .shapes import Shapes


@pytest.mark.parametrize(("name", "check"), [("STORE", "privacy.E019"), ("ADDRESSES", "privacy.W003")])
def test_a_setting_that_nobody_filled_in_is_reported(settings, name, check):
    settings.PRIVACY = {key: value for key, value in settings.PRIVACY.items() if key != name}

    (message,) = Shapes().messages()

    assert (message.id, name in message.msg) == (check, True)


def test_nothing_is_stored_where_nobody_chose_a_place(settings, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings.PRIVACY = {**settings.PRIVACY, "STORE": None}

    with pytest.raises(ImproperlyConfigured, match="STORE"):
        store("keys")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "trusted",
    [[ELSEWHERE], {f"{ELSEWHERE}/": JWKS}, {"elsewhere.example": JWKS}, {"https://Elsewhere.example": JWKS}, {7: JWKS}]
    + [{ELSEWHERE: keys} for keys in ("/nowhere", "", {}, {"keys": []}, None, 7)],
)
def test_a_maker_that_is_trusted_in_vain_is_reported(settings, trusted):
    settings.PRIVACY = {**settings.PRIVACY, "TRUSTED_ISSUERS": trusted}

    (message,) = Shapes().messages()

    assert message.id == "privacy.W007"


def test_a_maker_whose_keys_are_here_is_not(settings, tmp_path):
    (tmp_path / "keys.json").write_text(json.dumps(JWKS))
    settings.PRIVACY = {**settings.PRIVACY, "TRUSTED_ISSUERS": {ELSEWHERE: JWKS, "http://127.0.0.1:8000": str(tmp_path / "keys.json")}}

    assert Shapes().messages() == []
