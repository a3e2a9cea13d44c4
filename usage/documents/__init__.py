"""Files that members bring: what they really are, what may not be in them, and what they tell about who made them."""

from .kinds import KINDS, Kind
from .preparing import MOST_BYTES, Prepared, prepare

__all__ = ["KINDS", "MOST_BYTES", "Kind", "Prepared", "prepare"]
