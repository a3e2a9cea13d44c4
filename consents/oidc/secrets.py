"""How the secret of a program is kept: 128 random characters need no slow digest, and each call of a partner shows one."""

import hashlib
import secrets

from django.contrib.auth.hashers import BasePasswordHasher
from django.utils.crypto import constant_time_compare


class PartnerSecretHasher(BasePasswordHasher):
    """SHA-256 over salt and secret. Never for what a person thinks up."""

    algorithm = "partner_secret"

    def encode(self, password, salt):
        return f"{self.algorithm}${salt}${hashlib.sha256(f'{salt}${password}'.encode()).hexdigest()}"

    def salt(self):
        return secrets.token_hex(16)

    def decode(self, encoded):
        algorithm, salt, digest = encoded.split("$", 2)
        return {"algorithm": algorithm, "salt": salt, "hash": digest}

    def verify(self, password, encoded):
        return constant_time_compare(encoded, self.encode(password, self.decode(encoded)["salt"]))

    def safe_summary(self, encoded):
        return {}

    def must_update(self, encoded):
        return False

    def harden_runtime(self, password, encoded):
        """Nothing to make equally slow."""
