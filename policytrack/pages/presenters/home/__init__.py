"""Show the home page: what waits for a person, and where the whole stands."""

from policytrack.pages.presenters.home.due import DuePart, due, due_part
from policytrack.pages.presenters.home.offices import (
    AdministrationPart,
    ObserverPart,
    QueuePart,
    administration_part,
    observer_part,
    queue_part,
)
from policytrack.pages.presenters.home.whole import Whole, Wide, whole, wide

__all__ = [
    "AdministrationPart",
    "DuePart",
    "ObserverPart",
    "QueuePart",
    "Whole",
    "Wide",
    "administration_part",
    "due",
    "due_part",
    "observer_part",
    "queue_part",
    "whole",
    "wide",
]
