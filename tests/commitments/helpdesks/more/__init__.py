"""More systems, for the tests."""
