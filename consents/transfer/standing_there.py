"""How far a receiver says that it is, read against the archive that is being sent: another's word, of which nothing is taken on trust."""

import base64
import binascii
import uuid

from . import remote
from .remote import Refused


class Standing:
    """How far the receiver says it is; Refused("answer") for what no receiver of this contract says."""

    def __init__(self, said: dict, package):
        try:
            self.ref, self.state = str(uuid.UUID(said["transfer"])), str(said["state"])
            self.problem = remote.word(said.get("problem"))
            self.missing = [(str(file["name"]), _counted(file, package)) for file in said["wanted"]]
            self.receipt = _receipt_in(said["receipt"]) if "receipt" in said else None
        except (KeyError, TypeError, ValueError, AttributeError, binascii.Error):
            raise Refused("answer") from None
        if self.receipt is None and self.state == "done":
            raise Refused("answer")
        self.wanted = [name for name, _received in self.missing]
        self.bytes = sum(package.files[name]["bytes"] for name in self.wanted)
        self.received = sum(received for _name, received in self.missing)
        self.missing = [(name, received) for name, received in self.missing if received < package.files[name]["bytes"]]


def _counted(file, package) -> int:
    """How much of a file of ours it says is there."""
    ours, received = package.files[file["name"]], file["received"]
    if type(received) is not int or not 0 <= received <= ours["bytes"] or file["sha256"] != ours["sha256"]:
        raise ValueError
    return received


def _receipt_in(said) -> tuple[str, str]:
    """Text that can be kept, whatever it says: no column takes a null character. What cannot be a signature is none."""
    text, signature = base64.b64decode(said["receipt"], validate=True).decode(), str(said["signature"])
    if "\0" in text:
        raise ValueError
    return text, signature[:4096] if signature.isascii() and signature.isprintable() else ""
