"""How the demonstration looks: aligned, calm, in colour on a terminal and plain in a pipe; a bar where it takes time."""

import os
import shutil
import sys
import textwrap
import time
from contextlib import contextmanager

from tqdm import tqdm

# The column in which facts begin, and the widest a line becomes.
INDENT = 17
WIDTH = 110

IN_COLOUR = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _paint(code):
    return (lambda text: f"\033[{code}m{text}\033[0m") if IN_COLOUR else str


bold, faint, good, bad, accent = _paint("1"), _paint("2"), _paint("32"), _paint("31"), _paint("1;36")


def width() -> int:
    return min(shutil.get_terminal_size((WIDTH, 40)).columns, WIDTH)


def say(text="") -> None:
    print(text, flush=True)


def title(text, note) -> None:
    say(f"\n{bold(text)}  {faint(note)}\n")


def heading(number, name, question) -> None:
    say(f"\n{accent(f'{number}  {name}')}  {faint(question)}")


def fact(label, text, note="") -> None:
    """A label, what is so, and in faint letters why: beside it where there is room, else below."""
    first, *others = _folded(text) or [""]
    beside = not others and len(first) + 2 + len(str(note)) <= width() - INDENT
    say(f"   {label:<{INDENT - 3}}{first}{f'  {faint(note)}' if note and beside else ''}")
    for line in others:
        say(f"{'':{INDENT}}{line}")
    if note and not beside:
        aside(note)


def counted(number, what, note="") -> None:
    """A number in the column of labels, what it counts, and a remark."""
    number = number if isinstance(number, str) else f"{number:,}".replace(",", " ")
    fact(f"{number:>{INDENT - 5}}", what, note)


def aside(text) -> None:
    """Faint, below a fact, on as many lines as it needs."""
    for line in _folded(text):
        say(f"{'':{INDENT}}{faint(line)}")


def _folded(text) -> list[str]:
    """Paths and addresses stay in one piece."""
    return textwrap.wrap(str(text), width() - INDENT, break_long_words=False, break_on_hyphens=False)


def done(text) -> None:
    say(f"   {good('done')}{'':<{INDENT - 7}}{text}")


def failed(text) -> None:
    say(f"   {bad('failed')}{'':<{INDENT - 9}}{text}")


@contextmanager
def bar(total, what="", unit="row"):
    """A bar on a terminal, silence in a pipe; yields a function of how many were done."""
    with tqdm(
        total=total, desc=f"   {what}", unit=unit, unit_scale=total > 9_999, file=sys.stderr, disable=None, leave=False, ncols=width()
    ) as shown:
        yield shown.update


class Clock:
    """Seconds since it was made."""

    def __init__(self):
        self.began = time.monotonic()

    def __str__(self):
        return f"{time.monotonic() - self.began:.1f} s"
