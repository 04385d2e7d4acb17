"""Map reporting rounds."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from policytrack.core import clock
from policytrack.core.db import Base, PublicId
from policytrack.core.ids import new_id
from policytrack.rounds.rules import RoundState, state_of


class Round(Base):
    """Hold a period in which constituents report; dates are days of its named zone."""

    __tablename__ = "reporting_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    zone: Mapped[str] = mapped_column(String(60))
    demonstration: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (CheckConstraint("opens_on <= closes_on", name="dates"),)

    def state(self, now: datetime) -> RoundState:
        """Return where the round stands at a moment."""
        return state_of(self.opens_on, self.closes_on, self.zone, now)

    @property
    def opens_at(self) -> datetime:
        """Return the moment at which the round opens."""
        return clock.start_of_day(self.opens_on, self.zone)

    @property
    def closes_at(self) -> datetime:
        """Return the moment at which the round closes: the end of its last day."""
        return clock.end_of_day(self.closes_on, self.zone)
