"""Where the figures lead; mails lead to the same places."""

from __future__ import annotations

from commitments.reports.leads import counted, listed, report

__all__ = ["counted", "listed", "report"]
