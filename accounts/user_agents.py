"""A browser in words: what its User-Agent says, as the names that its owner knows it by."""

# The first that is found: most browsers also call themselves Chrome or Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
# What a browser says of itself is seldom longer than 250 characters.
MOST_CHARACTERS = 1000


def in_words(user_agent: str) -> str:
    """ "Firefox (Windows)", in no language and never in the sender's own words; empty where nothing is recognised."""
    said = user_agent[:MOST_CHARACTERS]
    browser, system = _first(BROWSERS, said), _first(SYSTEMS, said)
    return f"{browser} ({system})" if browser and system else browser or system


def _first(names, said):
    return next((name for mark, name in names if mark in said), "")
