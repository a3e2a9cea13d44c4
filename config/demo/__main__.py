"""python -m config.demo: fill a platform, walk one teacher's five rights on it, then serve it, and a partner's site beside it.

Environment: SERVE=0 ends after the walk, PORT (8000), SAMPLE_PORT (the next), RESET=1 starts over, DATABASE_URL, INZAGE_VAR.
"""

import os
import signal
import sys

os.environ.update(INZAGE_DEMO="1", INZAGE_DEBUG="0", DJANGO_SETTINGS_MODULE="config.settings")
# Nobody else's erasure to wait for, and nobody to be gentle with.
os.environ.update(INZAGE_RESIDUE_MINUTES="0", INZAGE_RESIDUE_PAUSE="0")
# An erasure goes on once the partner confirmed, which a sweep notices.
os.environ.setdefault("INZAGE_SWEEP_SECONDS", "2")

import django

from . import ports

ports.settle()
django.setup()

from . import begin, children, serve, terminal, walk  # noqa: E402 - they need the settings

INTERRUPTED = 130


class Stopped(BaseException):
    """Somebody wants us to end: SIGTERM, or a terminal that was closed."""


def main() -> int:
    """0 when all went as it should, 1 when not, 2 on a wrong setting."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        return demonstrate(begin.chosen())
    except begin.WrongSetting as error:
        return complain(error, code=2)
    except (begin.Refused, walk.NobodyLeft, children.Ended) as error:
        return complain(error, code=1)
    except (KeyboardInterrupt, Stopped):
        return INTERRUPTED
    except BrokenPipeError:  # whoever read along has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def demonstrate(chosen) -> int:
    for name, port in ((ports.SITE, chosen.port), (ports.SAMPLE, chosen.sample_port)):
        if not ports.is_free(port):
            raise begin.Refused(f"port {port} is busy; choose another with {name}=")
    terminal.title("Inzage", "one teacher, five rights, each carried out for real")
    begin.prepare(chosen)
    with children.Children() as started:
        worker = children.start_worker(started)
        begin.fill()
        terminal.fact("worker", f"process {worker.pid}", "it finds its work in the database; a message only wakes it")
        serve.begin(started, chosen)
        went_well = walk.take(started, chosen.sample_port)
        if chosen.serve:
            serve.until_stopped(started, chosen)
    return 0 if went_well else 1


def complain(error, *, code: int) -> int:
    print(f"demo: {error}", file=sys.stderr)
    return code


def _stop(number, frame):
    raise Stopped


if __name__ == "__main__":
    sys.exit(main())
