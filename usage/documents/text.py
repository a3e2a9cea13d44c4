"""Plain text: real text, in UTF-8 once we keep it."""

import re

from ..errors import FileRefused, TextUnknown

# Below the space, all but tab, line feed, form feed and carriage return.
NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# What a browser or a shell would run, however it is called.
RUNS = re.compile(r"\s*(<!doctype|<html|<\?xml|<\?php|<svg|<script|<body|<head|#!|MZ|%!PS|\{\\rtf|<!--)", re.IGNORECASE)


def clean(content: bytes, findings) -> tuple[str, bytes]:
    text = _decoded(content)
    if NO_TEXT.search(text):
        raise FileRefused
    if RUNS.match(text):
        raise FileRefused
    return "txt", text.encode()


def _decoded(content):
    """UTF-8, or what Windows wrote before it."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused if NO_TEXT.search(content[:4096].decode("latin-1")) else TextUnknown
