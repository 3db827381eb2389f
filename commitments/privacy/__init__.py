"""What we hold about one customer: all of it for them to read, and none of it any more.

docs/privacy.md lists every field, and what becomes of it.
"""
