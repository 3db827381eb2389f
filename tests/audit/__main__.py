"""Run what takes longer than `make test` may, and print what held and what was skipped.

make audit                           all of it: an hour and more
make audit ARGS="code licences"      these parts of it
make audit FUZZ_MINUTES=1 SOAK_MINUTES=2
make audit ARGS="--strict"           ends with 1 where anything of it was skipped, too

It ends with 1 where something did not hold. What could not be tried is no failure unless it is
strict, and is listed at the end with its reason.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from tests.audit.steps import STEPS, Outcome, timed


def main() -> int:
    parser = argparse.ArgumentParser(prog="make audit", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(STEPS)}")
    parser.add_argument("--strict", action="store_true", help="what was skipped is a failure")
    given = parser.parse_args()
    asked = given.parts or list(STEPS)
    if unknown := set(asked) - STEPS.keys():
        parser.error(f"There is no {', '.join(sorted(unknown))}; there are {', '.join(STEPS)}.")
    outcomes: dict[str, Outcome] = {}
    for name in asked:
        _say(f"\n{name}: {STEPS[name].__doc__}\n")
        outcomes[name] = timed(STEPS[name])
        _say(outcomes[name].said.rstrip() + "\n")
    return report(outcomes, strict=given.strict)


def report(outcomes: Mapping[str, Outcome], *, strict: bool = False) -> int:
    """Prints it; 1 where something did not hold, or, if strict, was skipped that was asked for."""
    _say(f"\n{'part':<14}{'':<10}{'seconds':>10}{'skipped':>10}\n")
    for name, outcome in outcomes.items():
        held = {True: "held", False: "NOT HELD", None: "skipped"}[outcome.kept]
        _say(f"{name:<14}{held:<10}{outcome.took:>10.0f}{len(outcome.skipped):>10}\n")
    left_out = [each for outcome in outcomes.values() for each in outcome.skipped]
    not_asked = [(name, "not asked for") for name in STEPS if name not in outcomes]
    if left_out or not_asked:
        _say(f"\n{'skipped':<76}reason\n")
    for what, reason in sorted({*left_out, *not_asked}):
        _say(f"{what:<76}{reason}\n")
    failed = any(outcome.kept is False for outcome in outcomes.values())
    return 1 if failed or (strict and left_out) else 0


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
