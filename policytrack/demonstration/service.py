"""Load the demonstration: invented, and marked as such."""

from __future__ import annotations

from collections.abc import Callable, Sequence

# What `policytrack run` prints: one line for each sign-in.
SIGN_INS: Sequence[str] = ()


def load(_tell: Callable[[str], None]) -> None:
    """Load the demonstration, telling each step."""
