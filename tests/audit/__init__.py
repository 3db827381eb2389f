"""What takes longer than `make test` may: `make audit` runs it, and says what it did not run."""
