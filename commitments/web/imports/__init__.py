"""Promises from a file: uploaded, understood, checked, and then brought in."""
