"""Tell facts that can be relied on from those that rest on a weak word."""

from __future__ import annotations

# What is known so badly is left out of lists and counts, or stands marked.
WEAK = ("low", "unverified")
