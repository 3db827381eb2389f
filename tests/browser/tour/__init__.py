"""A tour of every page of the demonstration, for tests and for pictures."""
