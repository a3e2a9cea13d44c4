"""python -m bench.calls: what a partner's calls take beside bare views, and whether one is answered after its permission ended."""

import argparse
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from threading import Event
from urllib.parse import urlencode

from . import document, results, server

FOLDER = Path(__file__).parent
FILE, REVOKING = FOLDER / "calls.json", FOLDER / "revoking.json"
MEMBERS, OTHERS = 200, 200_000
# Calls of a round, each by one of so many callers at once; of two servers' processes, as on a live site.
CALLS, CALLERS, PROCESSES = 400, 4, 2
# 0.7 of a bare view's throughput is so many times its time.
GOAL = round(1 / 0.7, 2)
WITHDRAWALS, BEFORE_SECONDS, AFTER_SECONDS = 50, 0.1, 0.3
SECONDS_TO_ANSWER = 30
OK = 200
CLIENT_ID, SECRET = "bench", secrets.token_urlsafe(48)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Call:
    """One of a partner's, with a member's token."""

    name: str
    path: str

    def of(self, token):
        """Method, address, body, headers."""
        if "introspect" in self.path:
            return "POST", self.path, urlencode({"token": token, "client_id": CLIENT_ID, "client_secret": SECRET}), FORM
        return "GET", self.path, None, {"Authorization": f"Bearer {token}"}


INTROSPECT, USERINFO = Call("introspection", "/oauth/introspect/"), Call("userinfo", "/oauth/userinfo/")
BARE = {INTROSPECT: Call("bare", "/bare/introspect/"), USERINFO: Call("bare", "/bare/userinfo/")}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.calls", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="of which the median counts (15)")
    parser.add_argument("--withdrawals", type=int, default=WITHDRAWALS, help=f"permissions that end under load ({WITHDRAWALS})")
    parser.add_argument("--others", type=int, default=OTHERS, help=f"rows of other members ({OTHERS})")
    parser.add_argument("--to", type=Path, default=FOLDER, help="the folder of the results (bench/)")
    chosen = parser.parse_args()
    return server.run(lambda address: _measure(chosen, address))


def _measure(chosen, address):
    from django.core.management import call_command

    from . import people

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    people.fill([people.WARM_UP_ROWS], others=chosen.others)
    tokens = _allow(MEMBERS)
    with _site(address) as port:
        measured = [_beside(call, port, list(tokens), chosen.rounds) for call in BARE]
        revoked = _revoke(port, list(tokens.items())[: chosen.withdrawals])
    results.write(measured, chosen.to / FILE.name)
    (chosen.to / REVOKING.name).write_text(json.dumps(revoked, indent=1) + "\n", encoding="utf-8")
    print(results.table(measured))
    print(f"{revoked['answered']} of {revoked['tried']} calls answered after the permission ended ({revoked['before']} before)")
    if chosen.to == FOLDER:
        document.write()


def _allow(how_many) -> dict:
    """Token -> the permission that it rests on."""
    from datetime import timedelta

    from django.utils import timezone
    from oauth2_provider.models import get_access_token_model

    from accounts.models import Member
    from consents import wording
    from consents.models import Partner, PartnerApplication, PartnerGrant
    from privacy.models import Recipient

    recipient = Recipient.objects.create(name="Bench", contact_email="bench@partner.example", privacy_url="https://partner.example/privacy")
    fields = ["first_name", "email"]
    partner = Partner.objects.create(recipient=recipient, slug="bench", purpose="Meten.", attributes=fields, published_at=timezone.now())
    wording.keep(partner)
    kind = {"client_type": PartnerApplication.CLIENT_CONFIDENTIAL, "algorithm": PartnerApplication.RS256_ALGORITHM}
    kind |= {"authorization_grant_type": PartnerApplication.GRANT_AUTHORIZATION_CODE, "redirect_uris": "https://partner.example/back"}
    program = PartnerApplication.objects.create(partner=partner, client_id=CLIENT_ID, client_secret=SECRET, **kind)
    allowed = {}
    for member in Member.objects.filter(is_active=True).order_by("pk")[:how_many]:
        grant = PartnerGrant.objects.create(member=member, partner=partner, attributes=fields)
        asked = {"scope": f"openid {' '.join(fields)}", "expires": timezone.now() + timedelta(days=1)}
        token = get_access_token_model().objects.create(user=member, application=program, token=secrets.token_urlsafe(32), **asked)
        allowed[token.token] = grant
    return allowed


@contextmanager
def _site(address):
    """The port of a web server on this database, in two processes."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port, number = listening.getsockname()[1], listening.fileno()
        kind = ["--workers", str(PROCESSES), "--threads", str(CALLERS), "-b", f"fd://{number}"]
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--no-control-socket", *kind]
        environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "bench.bare_settings"}
        web = subprocess.Popen(command, env=environment, pass_fds=[number], stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        web.send_signal(signal.SIGTERM)
        web.wait(SECONDS_TO_ANSWER)


def _beside(call, port, tokens, rounds) -> results.Result:
    """Seconds a call, ours and the bare one in turns; the first round of each warms up."""
    seconds = {call: [], BARE[call]: []}
    for _nth in range(rounds + 1):
        for each in seconds:
            seconds[each].append(_seconds_each(each, port, tokens))
    ours, limit = (found[1:] for found in seconds.values())
    return results.result(f"{call.name}, {CALLERS} callers at once", CALLS, ours, limit, goal=GOAL)


def _seconds_each(call, port, tokens) -> float:
    turns = cycle(tokens)
    asked = [[next(turns) for _nth in range(CALLS // CALLERS)] for _caller in range(CALLERS)]
    begin = time.monotonic()
    with ThreadPoolExecutor(CALLERS) as callers:
        answered = list(callers.map(lambda mine: _call_all(call, port, mine), asked))
    if any(status != OK for statuses in answered for status in statuses):
        raise RuntimeError(f"{call.path} was not answered")
    return (time.monotonic() - begin) / CALLS


def _call_all(call, port, tokens) -> list[int]:
    door = HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_ANSWER)
    try:
        return [_status(door, call, token) for token in tokens]
    finally:
        door.close()


def _status(door, call, token) -> int:
    """200 where it opened something: a token that opens nothing is introspected as not active."""
    method, path, body, headers = call.of(token)
    door.request(method, path, body, headers)
    answer = door.getresponse()
    said = answer.read()
    return 401 if b'"active": false' in said else answer.status


def _revoke(port, allowed) -> dict:
    """Callers go on and on while permissions end one by one: how many calls that began after an end was committed opened something."""
    from consents import permissions

    found = {"withdrawals": len(allowed), "before": 0, "tried": 0, "answered": 0}
    with ThreadPoolExecutor(CALLERS) as callers:
        for token, grant in allowed:
            over = Event()
            calling = [callers.submit(_go_on, port, token, call, over) for call in [INTROSPECT, USERINFO] * (CALLERS // 2)]
            time.sleep(BEFORE_SECONDS)
            permissions.withdraw(grant)
            ended = time.monotonic()
            time.sleep(AFTER_SECONDS)
            over.set()
            calls = [call for caller in calling for call in caller.result()]
            after = [status for began, status in calls if began > ended]
            found["before"] += len(calls) - len(after)
            found["tried"] += len(after)
            found["answered"] += after.count(OK)
    return found


def _go_on(port, token, call, over) -> list[tuple[float, int]]:
    """When each call began, and what came of it."""
    door, made = HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_ANSWER), []
    while not over.is_set():
        began = time.monotonic()
        made.append((began, _status(door, call, token)))
    door.close()
    return made


if __name__ == "__main__":
    sys.exit(main())
