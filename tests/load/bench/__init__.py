"""The measurements behind docs/operations.md, as one command: `make bench`.

Every figure stands beside a yardstick measured in the same run on the same machine: the statements
that somebody would write by hand, or one plain reused connection. PostgreSQL is one that waits for
the disk, as in production.
"""
