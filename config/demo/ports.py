"""On which ports the demonstration answers; known before the settings are read, since they name the site by its port."""

import os
import socket

SITE, SAMPLE = "PORT", "SAMPLE_PORT"
DEFAULT = 8000


def settle() -> None:
    """The ones of the environment, else 8000 and the next; a walk that serves nobody takes any that are free."""
    if os.environ.get("SERVE") == "0":
        site, sample = _free(2)
    else:
        site = os.environ.get(SITE) or str(DEFAULT)
        sample = int(site) + 1 if site.isdigit() else DEFAULT + 1
    os.environ[SITE] = os.environ.get(SITE) or str(site)
    os.environ[SAMPLE] = os.environ.get(SAMPLE) or str(sample)


def _free(how_many) -> list[int]:
    doors = [socket.create_server(("127.0.0.1", 0)) for _nth in range(how_many)]
    numbers = [door.getsockname()[1] for door in doors]
    for door in doors:
        door.close()
    return numbers


def is_free(port: int) -> bool:
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
