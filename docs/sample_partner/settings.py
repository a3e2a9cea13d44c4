"""What the platform gave us when it registered us, and where we are; all of it comes from the environment."""

import os

NAME = "Breukenbos"
PORT = int(os.environ.get("PORT") or 8001)
# Our own address, and the platform's: its issuer, letter for letter.
ADDRESS = os.environ.get("ADDRESS") or f"http://127.0.0.1:{PORT}"
PLATFORM = os.environ.get("PLATFORM") or "http://127.0.0.1:8000"
CLIENT_ID = os.environ.get("CLIENT_ID") or "breukenbos"
CLIENT_SECRET = os.environ.get("CLIENT_SECRET") or ""
# A scope for each field that we ask; `openid` gives the code under which we alone know a member.
FIELDS = ("first_name", "town", "occupation")
SCOPE = " ".join(("openid", *FIELDS))
