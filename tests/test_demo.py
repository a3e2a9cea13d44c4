"""The demonstration as a visitor runs it: a process of its own, with a folder and a database of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from contextlib import ExitStack
from dataclasses import dataclass

import psutil
import pytest
from django.conf import settings as project
from django.db import connection

from accounts.models import Member
from config.demo import begin, people, second_look

from . import makers, postgres
from .codes import is_actor, is_code

RIGHTS = ["See", "Download", "Correct", "Stop a partner", "Delete"]
WHAT_THE_TRAIL_SAYS = """
import json
from privacy.models import TrailEntry
print(json.dumps(list(TrailEntry.objects.values_list("event", "actor_ref", "reason"))))
"""
# Far more than it takes on a slow machine.
PATIENCE = 300


@dataclass
class Demo:
    """Runs `python -m config.demo` in one folder and on one database."""

    environment: dict

    def run(self, **variables):
        return subprocess.run(**self._call(variables), capture_output=True, timeout=PATIENCE)

    def start(self, output, **variables):
        return subprocess.Popen(**self._call(variables), stdout=output, stderr=output, preexec_fn=_hear_ctrl_c)

    def _call(self, variables):
        command = [sys.executable, "-m", "config.demo"]
        return {"args": command, "cwd": project.BASE_DIR, "env": {**self.environment, **variables}, "text": True}


def _hear_ctrl_c():
    """As on a terminal: a shell that runs the tests in the background makes what it starts deaf to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """On the kind of database that the tests run on, never on the one they use."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INZAGE_")}
    environment["INZAGE_VAR"] = str(tmp_path_factory.mktemp("demo"))
    for name in ("DATABASE_URL", "BROKER_URL", "EMAIL_URL"):
        environment.pop(name, None)
    with ExitStack() as stack:
        if connection.vendor == "postgresql":
            environment["DATABASE_URL"] = stack.enter_context(postgres.throwaway())
        yield Demo(environment)


@pytest.fixture(scope="module")
def walk(demo):
    return demo.run(SERVE="0")


def teacher_of(walk):
    return re.search(r"teacher +(.+?), (\S+)@", walk.stdout).group(1)


def mails_in(walk):
    return re.search(r"(\d+)  mails to her", walk.stdout).group(1)


def is_running(pid):
    """One that ended and waits for its parent to notice does not run."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def free_ports():
    """For the site, and for the partner's beside it."""
    doors = [socket.create_server(("127.0.0.1", 0)) for _door in range(2)]
    site, sample = (door.getsockname()[1] for door in doors)
    for door in doors:
        door.close()
    return {"PORT": str(site), "SAMPLE_PORT": str(sample)}


@pytest.mark.slow
@pytest.mark.worker
def test_the_demo_carries_out_all_five_rights(walk):
    assert walk.returncode == 0, walk.stdout + walk.stderr
    assert all(re.search(rf"^{number}  {right}", walk.stdout, re.M) for number, right in enumerate(RIGHTS, 1))
    assert f"All five rights were carried out for {teacher_of(walk)}" in walk.stdout
    assert walk.stderr == ""
    assert len(walk.stdout.splitlines()) <= 160  # a long path or name folds a line


@pytest.mark.slow
@pytest.mark.worker
def test_the_demo_signs_in_at_a_partner_that_is_cut_off_and_confirms(walk):
    """K-10."""
    assert re.search(r"it knows +Voornaam: ", walk.stdout)
    assert re.search(r"it asks .+ 401 geweigerd", walk.stdout)
    assert re.search(r"it hears .+ Ze beëindigde haar machtiging", walk.stdout)
    assert re.search(r"we say +Breukenbos: withdrawal, confirmed by the recipient", walk.stdout)


@pytest.mark.slow
@pytest.mark.worker
def test_the_demo_finds_its_teacher_before_and_nothing_of_her_after(walk):
    """G-26."""
    numbers = re.findall(r"^ +(\d+) +(\d+)  (\S.+?)  ", walk.stdout, re.M)

    assert {what for _before, _now, what in numbers} == set(second_look.NOTES)
    assert all(int(before) > 0 and int(now) == 0 for before, now, _what in numbers)


@pytest.mark.long
@pytest.mark.worker
def test_a_second_run_seeds_nothing_and_walks_the_next_teacher(demo, walk):
    second = demo.run(SERVE="0")

    assert second.returncode == 0, second.stdout + second.stderr
    assert "from an earlier walk" in second.stdout
    assert teacher_of(second) != teacher_of(walk)


@pytest.mark.slow
@pytest.mark.worker
def test_the_worker_ends_with_the_walk(walk):
    assert not is_running(int(re.search(r"worker +process (\d+)", walk.stdout).group(1)))


@pytest.mark.slow
@pytest.mark.worker
def test_the_trail_of_a_demonstration_holds_codes_and_references_alone(demo, walk):
    """D-5."""
    ask = [sys.executable, "manage.py", "shell", "-v", "0", "-c", WHAT_THE_TRAIL_SAYS]

    environment = {**demo.environment, "DJANGO_SETTINGS_MODULE": "config.settings"}
    told = subprocess.run(ask, cwd=project.BASE_DIR, env=environment, capture_output=True, text=True)

    assert (walk.returncode, told.returncode) == (0, 0), walk.stderr + told.stderr
    entries = json.loads(told.stdout)
    assert len(entries) > 20
    assert [entry for entry in entries if not (is_code(entry[0], entry[2]) and is_actor(entry[1]))] == []


@pytest.mark.slow
@pytest.mark.worker
def test_a_pipe_gets_no_colours_and_no_bars(walk):
    assert "\033" not in walk.stdout
    assert "\r" not in walk.stdout + walk.stderr


def until_said(text, file, process):
    """What was said so far, once `text` is among it."""
    until = time.monotonic() + PATIENCE
    while text not in (said := file.read_text()):
        assert process.poll() is None, said
        assert time.monotonic() < until, said
        time.sleep(0.2)
    return said


def processes_of(parent):
    return [process.pid for process in psutil.Process(parent).children(recursive=True)]


@pytest.mark.slow
@pytest.mark.worker
@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 0), pytest.param(signal.SIGTERM, 130, marks=pytest.mark.long)])
def test_it_serves_until_it_is_stopped_and_leaves_nothing_running(demo, walk, free_ports, tmp_path, how, code):
    with (tmp_path / "said").open("w") as output:
        serving = demo.start(output, **free_ports)
    said = until_said("   stop  ", tmp_path / "said", serving)
    pages = [f"http://127.0.0.1:{free_ports['PORT']}/account/login/", f"http://127.0.0.1:{free_ports['SAMPLE_PORT']}/"]
    answered = [urllib.request.urlopen(page).status for page in pages]
    children = processes_of(serving.pid)

    serving.send_signal(how)

    assert serving.wait(60) == code
    assert answered == [200, 200]
    assert all(words in said for words in [people.PASSWORD, *people.cast_addresses()])
    assert len(children) >= 3
    assert not any(map(is_running, children))


@pytest.mark.parametrize("name", ["PORT", "SAMPLE_PORT"])
def test_a_busy_port_is_said_at_once_in_one_line(demo, free_ports, name):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        refused = demo.run(**free_ports | {name: str(port)})

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == f"demo: port {port} is busy; choose another with {name}=\n"


@pytest.mark.parametrize(
    "wrong",
    [
        {"PORT": "eighty"},
        {"PORT": "70000"},
        {"SAMPLE_PORT": "-1"},
        {"PORT": "8000", "SAMPLE_PORT": "8000"},
        {"SERVE": "perhaps"},
        {"RESET": "yes"},
    ],
)
def test_a_setting_that_means_nothing_is_wrong_usage(wrong, monkeypatch):
    for name, value in ({"PORT": "", "SAMPLE_PORT": ""} | wrong).items():
        monkeypatch.setenv(name, value)

    with pytest.raises(begin.WrongSetting):
        begin.chosen()


def test_a_database_in_use_is_left_alone(an):
    with pytest.raises(begin.Refused):
        begin.prepare(begin.Chosen(serve=False, port=8000, sample_port=8001, reset=True))

    assert Member.objects.get() == an


def test_a_database_that_the_demonstration_filled_or_that_is_empty_is_taken(db):
    begin.refuse_others()
    makers.make_member("Els")
    makers.make_partner("quizkast")

    begin.refuse_others()


@pytest.fixture
def traces(an, client, own_folders):
    """What An leaves in every kind of place."""
    makers.make_view(an)
    makers.make_comment(an)
    client.force_login(an)
    with zipfile.ZipFile(project.VAR / "packed.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.json", an.email * 50)
    (project.VAR / "plain.txt").write_text(str(an.pk))
    yield second_look.identifiers_of(an)
    (project.VAR / "packed.zip").unlink()
    (project.VAR / "plain.txt").unlink()


def places(found, what):
    return {place for name, place in [*found.cells, *found.files] if name == what}


def test_a_second_look_sees_tables_sessions_files_and_what_is_packed(traces):
    found = second_look.look(traces, progress=lambda number: None)

    assert places(found, second_look.ADDRESS) == {"accounts_member", "account_emailaddress", "packed.zip"}
    assert places(found, second_look.MEMBER) >= {"usage_resourceview", "usage_comment", "sessions, unpacked", "plain.txt"}
    assert places(found, second_look.NAME) == {"usage_comment"}


def test_a_second_look_for_bo_finds_nothing_of_an(traces, bo):
    found = second_look.look(second_look.identifiers_of(bo), progress=lambda number: None)

    assert places(found, second_look.ADDRESS) == {"accounts_member", "account_emailaddress"}
    assert places(found, second_look.MEMBER) == {"accounts_member", "account_emailaddress"}


def test_only_a_reference_in_evidence_may_stay(traces, an, edupartner):
    """G-26."""
    makers.make_grant(an, edupartner)

    kept, left = second_look.split(second_look.look(traces, progress=lambda number: None))

    assert kept["consents_consentevent"] == 1
    assert set(kept) == {"consents_consentevent", "privacy_trailentry"}
    assert set(left[second_look.SUBJECT]) == {"accounts_member", "privacy_subject"}


@pytest.mark.long
@pytest.mark.worker
def test_starting_over_forgets_earlier_walks(demo, walk):
    again = demo.run(SERVE="0", RESET="1")

    assert again.returncode == 0, again.stdout + again.stderr
    assert "200 members" in again.stdout
    assert teacher_of(again) == teacher_of(walk)
    assert mails_in(again) == mails_in(walk)
