"""The secret of one run, from which every likeness is drawn; it is forgotten when the run ends."""

import secrets


def drawn() -> str:
    return secrets.token_hex(32)
