"""What we remember. A real tool keeps this in its database, the numbers of messages too: a restart forgets them here."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

SHOWN_AT_MOST = 50


@dataclass
class Member:
    """`token` opens userinfo as long as she allows it; `rests_for` are reasons for which we may keep her data and not use it."""

    token: dict
    claims: dict = field(default_factory=dict)
    rests_for: set = field(default_factory=set)


@dataclass
class Line:
    """Of what we asked, or of what we heard; `token` is the message itself, as it reads once it is checked."""

    what: str
    came_of_it: str
    token: str = ""
    at: datetime = field(default_factory=lambda: datetime.now().astimezone())


class Memory:
    def __init__(self):
        # By the code that the platform gave us for each (`sub`); nobody else has the same.
        self.members: dict[str, Member] = {}
        # The number in a browser's cookie -> whose it is. Here, so that the platform can end it.
        self.sessions: dict[str, str] = {}
        # Numbers of messages (`jti`) that we had.
        self.had: set[str] = set()
        self.asked: deque[Line] = deque(maxlen=SHOWN_AT_MOST)
        self.heard: deque[Line] = deque(maxlen=SHOWN_AT_MOST)

    def forget(self, sub: str) -> None:
        """All of it: her data, her token, her sessions."""
        self.members.pop(sub, None)
        self.sign_out(sub)

    def sign_out(self, sub: str) -> None:
        self.sessions = {number: whose for number, whose in self.sessions.items() if whose != sub}


memory = Memory()
