"""What arrived by mail, read from the files that the site writes instead of sending."""

import email
import email.policy
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

# How Django ends each mail in a file that holds several.
BETWEEN = re.compile(rb"\n-{79}\n")
LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Mail:
    subject: str
    text: str

    def link(self, within: str) -> str:
        """The path of the one link that leads there."""
        paths = {urlsplit(link).path for link in LINK.findall(self.text) if within in link}
        assert len(paths) == 1, f"{len(paths)} links to {within} in:\n{self.text}"
        return paths.pop()


def mails_to(folder: Path, address: str) -> list[Mail]:
    """The oldest first."""
    files = sorted(folder.glob("*"), key=lambda file: file.stat().st_mtime_ns)
    parts = [part for file in files for part in BETWEEN.split(file.read_bytes()) if part.strip()]
    mails = [email.message_from_bytes(part.lstrip(), policy=email.policy.default) for part in parts]
    return [Mail(mail["Subject"], mail.get_body(("plain",)).get_content()) for mail in mails if address in str(mail["To"])]
