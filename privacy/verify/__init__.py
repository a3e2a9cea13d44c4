"""Checking an archive: is it whole, as it was made, and by whom. Needs no settings, no database and no network (docs/verifying.md)."""

from .bounds import BOUNDS, Bounds
from .checking import verify
from .jose import KeysUnreadable, keys_of
from .verdict import Code, Fault, State, Verdict

__all__ = ["BOUNDS", "Bounds", "Code", "Fault", "KeysUnreadable", "State", "Verdict", "keys_of", "verify"]
