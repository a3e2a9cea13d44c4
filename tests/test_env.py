"""What an installation keeps for itself."""

from concurrent.futures import ThreadPoolExecutor

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
