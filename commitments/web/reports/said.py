"""Figures in words; mails say them alike."""

from __future__ import annotations

from commitments.reports.wording import TOO_FEW, begins, count, day, days, share, today, worked

__all__ = ["TOO_FEW", "begins", "count", "day", "days", "share", "today", "worked"]
