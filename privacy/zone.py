"""Where the controller answers: a day that somebody names, and the day on which something reached us, are days of this zone."""

from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Brussels")
