"""How notices reach partners that have a program to tell: PRIVACY["DELIVER"]."""

from . import making, settling, waking


def deliver(notice) -> str | None:
    """`queued` while a program is to fetch it or is brought it, `acknowledged` once one confirmed; None where none is to be told so."""
    signals = making.of_notice(notice)
    if not signals:
        return None
    waking.wake(signals)
    return settling.state_of(notice, signals)
