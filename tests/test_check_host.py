"""The settings give keys a place and letters an address: E019, W003."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from privacy.conf import store

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
