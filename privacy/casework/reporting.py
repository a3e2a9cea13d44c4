"""Each night the trail is read from end to end, its head kept outside the database and mailed to the data protection officer (T-27)."""

from datetime import datetime

from ..conf import setting
from ..evidence import heads, seals
from ..rights.days import day_of
from . import officer


def report(now: datetime) -> None:
    """Whoever has the database can take the newest seals away; not out of a file elsewhere, nor out of a mailbox."""
    seals.seal(now=now, everywhere=True)
    kept = heads.keep(day_of(now))  # before the check, which misses the file of a day on which it read a head
    checked = heads.check(now)
    if kept and setting("DPO")["email"]:
        head, signature = kept
        officer.write("head", [setting("DPO")["email"]], checked=checked, head=head.words.decode(), signature=signature)
