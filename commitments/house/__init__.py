"""How the house is set up: teams and their people, kinds of promises, hours and holidays.

What is in use is never deleted: it is retired, and can be brought back. What was promised stays as
it was promised. Whoever edits says what they saw; where somebody was faster, nothing is saved.
"""
