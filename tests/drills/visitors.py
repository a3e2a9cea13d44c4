"""Visitors of a drilled site: they come at a fixed rate, whether it answers or not, read pages and sign in."""

import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count
from statistics import quantiles
from urllib.parse import urlencode

SECONDS_TO_ANSWER = 30
# Each address of the loopback network is another visitor: one alone would soon be told to wait (ACCOUNT_RATE_LIMITS).
ADDRESSES = [f"127.0.0.{number}" for number in range(1, 10)] if sys.platform == "linux" else ["127.0.0.1"]
# The hash of a password is slow by design: with more, two processors would do little else.
SIGN_IN_EVERY = 10
SIGN_IN = "/account/login/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass(frozen=True)
class Visit:
    """`seconds` from the moment the visitor meant to come: a queue before the door counts."""

    what: str
    status: int
    seconds: float


@dataclass
class Visitors:
    port: int
    members: list[tuple[str, str]]
    visits: list[Visit] = field(default_factory=list)

    def warm_up(self) -> None:
        """The first visit of each kind starts the site; it is not counted."""
        for number in range(3):
            self._visit(number, time.monotonic())

    def come(self, *, per_second: int, seconds_at_most: float, seconds_at_least: float = 0, while_true=lambda: True) -> None:
        """Every tenth signs in, the others read the start page and the sign-in page in turn; earlier visits are forgotten.

        On a fast machine the work they come beside is soon done: `seconds_at_least` still gives enough of them to count.
        """
        with ThreadPoolExecutor(32) as people:
            begin, left = time.monotonic(), []
            for number in count():
                due = begin + number / per_second
                time.sleep(max(0, due - time.monotonic()))
                if due - begin > seconds_at_most or (due - begin >= seconds_at_least and not while_true()):
                    break
                left.append(people.submit(self._visit, number, due))
        self.visits = [future.result(SECONDS_TO_ANSWER) for future in left]

    def _visit(self, number, due):
        if number % SIGN_IN_EVERY == 0:
            return self._sign_in(number, due)
        path = SIGN_IN if number % 2 else "/"
        return Visit(path, _ask(self._door(number), "GET", path)[0], time.monotonic() - due)

    def _sign_in(self, number, due):
        door, (email, password) = self._door(number), self.members[number // SIGN_IN_EVERY % len(self.members)]
        _status, cookies, page = _ask(door, "GET", SIGN_IN)
        form = urlencode({"login": email, "password": password, "csrfmiddlewaretoken": TOKEN.search(page)[1]})
        form_headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        answer = _ask(door, "POST", SIGN_IN, form, form_headers)[0]
        return Visit("signed in", answer, time.monotonic() - due)

    def _door(self, number):
        address = ADDRESSES[number // SIGN_IN_EVERY % len(ADDRESSES)]
        return HTTPConnection("127.0.0.1", self.port, timeout=SECONDS_TO_ANSWER, source_address=(address, 0))

    def statuses(self, what) -> set[int]:
        return {visit.status for visit in self.visits if visit.what == what}

    def __str__(self):
        """How long visitors waited, in milliseconds; a sign-in is two pages and a slow hash."""
        kinds = dict.fromkeys(sorted(visit.what for visit in self.visits))
        return "; ".join(f"{kind} {_percentiles([visit.seconds for visit in self.visits if visit.what == kind])}" for kind in kinds)


def _percentiles(seconds) -> str:
    hundredths = quantiles(seconds, n=100, method="inclusive")
    return f"{len(seconds)} x " + " ".join(f"p{percent}={hundredths[percent - 1] * 1000:.0f}" for percent in (50, 95, 99))


def _ask(door, method, path, body=None, headers=None):
    door.request(method, path, body, headers or {})
    answer = door.getresponse()
    cookies = "; ".join(cookie.split(";")[0] for cookie in answer.headers.get_all("Set-Cookie", []))
    return answer.status, cookies, answer.read().decode()
