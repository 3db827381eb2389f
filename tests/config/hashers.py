"""A hasher for tests that counts its work."""

from __future__ import annotations

from django.contrib.auth.hashers import MD5PasswordHasher


class Counting(MD5PasswordHasher):
    algorithm = "counting"
    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).hashed += 1
        return super().encode(password, salt)
