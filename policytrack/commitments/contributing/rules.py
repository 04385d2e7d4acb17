"""Say what a contribution rests on."""

from __future__ import annotations

from enum import StrEnum

TEXT_LENGTH = 4_000


class Basis(StrEnum):
    """Name whose word a contribution is: the programme's own, or an evaluation's."""

    CLAIMED = "claimed"
    EVALUATED = "evaluated"
