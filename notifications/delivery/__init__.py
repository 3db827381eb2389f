"""Sends what is due, and never twice.

A row is claimed under a lease, taken back or confirmed by its subject, put into words, and sent.
Its phase turns final in a commit of its own, immediately before the byte that cannot be taken back.
So a process may die anywhere: before that commit the row comes due again, and nothing was sent;
after it the row is uncertain, and a person is told.
"""

from notifications.delivery.round import run

__all__ = ["run"]
