"""Do again and again what is due, each duty for itself: one that fails holds up no other."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from policytrack.core.db import db

log = logging.getLogger(__name__)

_LONGEST_PAUSE = 30.0


@dataclass(slots=True)
class Duty:
    """Hold one thing to do: `act` returns whether there may be more to do at once.

    `every` is the pause, in seconds, after there was nothing to do. After a failure the pause is
    1, 2, 4, ... 30 seconds.
    """

    name: str
    act: Callable[[], bool]
    every: float
    due: float = 0.0
    failures: int = 0

    def attend(self, now: float) -> bool:
        """Act once and set when to act next; return whether there may be more to do at once."""
        try:
            more = self.act()
        except Exception as error:  # whatever fails is told and tried again
            self.failures += 1
            pause = min(_LONGEST_PAUSE, 2.0 ** (self.failures - 1))
            self.due = now + pause
            # In full the first time only: a database away for an hour must not fill the log.
            log.error(
                "%s failed (%s), again in %.0f s",
                self.name,
                type(error).__name__,
                pause,
                exc_info=error if self.failures == 1 else None,
            )
            return False
        finally:
            db.session.remove()
        if self.failures:
            log.info("%s works again", self.name)
        self.failures = 0
        self.due = now if more else now + self.every
        return more


def attend_all(
    duties: Sequence[Duty], stop: threading.Event, *, alive: Callable[[], bool] = lambda: True
) -> None:
    """Attend to the duties until told to stop, or until `alive` says no."""
    while not stop.is_set() and alive():
        now = time.monotonic()
        for duty in duties:
            if duty.due <= now and not stop.is_set():
                duty.attend(now)
        pause = min(duty.due for duty in duties) - time.monotonic()
        if pause > 0:
            stop.wait(pause)


def attend_once(duties: Sequence[Duty]) -> bool:
    """Do all that is due now; return whether nothing failed."""
    for duty in duties:
        while duty.attend(0.0):
            pass
    return not any(duty.failures for duty in duties)
