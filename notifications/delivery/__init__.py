from datetime import datetime


def run(now: datetime) -> int:
    return 0
