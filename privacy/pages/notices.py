"""How far a notice to a recipient is, as a chip."""

from ..evidence.recipients import Notice

State = Notice.State
# State -> kind of chip, icon.
CHIPS = {
    State.QUEUED: ("wait", "clock"),
    State.DELIVERED: ("ok", "check"),
    State.ACKNOWLEDGED: ("ok", "check"),
    State.IMPOSSIBLE: ("bad", "alert"),
}


def chip(state: str, text: str = "") -> dict:
    """In the words of the state where no others are given."""
    kind, icon = CHIPS[state]
    return {"kind": kind, "icon": icon, "text": text or State(state).label}
