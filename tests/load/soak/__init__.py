"""Ten minutes of mixed use at a real installation: no errors, no waiting, nothing that grows."""
