"""Proof that nobody rewrote what happened: for ourselves, and for a stranger.

Each event carries the hash of the one before it, its promise the hash of the last. A line that was
changed, left out or put in between no longer fits. A promise that was removed with all of its
events leaves no such trace: that is what backups and the rights of the database's users are for.
"""
