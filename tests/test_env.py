"""What an installation keeps for itself."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


def test_two_processes_share_one_secret(tmp_path, monkeypatch):
    monkeypatch.setattr(env, "VAR", tmp_path)

    with ThreadPoolExecutor(16) as processes:
        drawn = set(processes.map(env.secret, ["ban_key"] * 64))

    assert len(drawn) == 1
    assert len(drawn.pop()) > 50


def test_a_secret_is_closed_to_others(tmp_path, monkeypatch):
    monkeypatch.setattr(env, "VAR", tmp_path)

    env.secret("ban_key")

    assert [(file.name, file.stat().st_mode & 0o777) for file in tmp_path.iterdir()] == [("ban_key", 0o600)]


def test_a_given_secret_is_taken_and_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(env, "VAR", tmp_path)
    monkeypatch.setenv("INZAGE_BAN_KEY", "given")

    assert env.secret("ban_key") == "given"
    assert not list(tmp_path.iterdir())


def test_without_an_issuer_there_is_no_provider(monkeypatch):
    monkeypatch.setenv("INZAGE_OIDC_NAME", "Schoolaccount")

    assert env.openid_apps() == []


@pytest.mark.parametrize("missing", ["NAME", "CLIENT_ID", "SECRET"])
def test_half_a_provider_stops_the_start(missing, monkeypatch):
    monkeypatch.setenv("INZAGE_OIDC_ISSUER", "https://login.school.example")
    for name in {"NAME", "CLIENT_ID", "SECRET"} - {missing}:
        monkeypatch.setenv(f"INZAGE_OIDC_{name}", "x")

    with pytest.raises(ImproperlyConfigured):
        env.openid_apps()


@pytest.mark.parametrize("issuer", ["http://login.school.example", "login.school.example", "ftp://127.0.0.1"])
def test_an_issuer_that_others_can_listen_to_stops_the_start(issuer, monkeypatch):
    monkeypatch.setenv("INZAGE_OIDC_ISSUER", issuer)

    with pytest.raises(ImproperlyConfigured):
        env.openid_apps()
