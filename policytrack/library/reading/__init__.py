"""Read text out of files, page by page, in processes of their own."""

from policytrack.library.reading.limits import LIMITS, Limits
from policytrack.library.reading.reader import read
from policytrack.library.reading.recognition import Legible, Recognised, can_read, recognise
from policytrack.library.reading.results import Kind, Origin, Outcome, PageText, Reading, Unit

__all__ = [
    "LIMITS",
    "Kind",
    "Legible",
    "Limits",
    "Origin",
    "Outcome",
    "PageText",
    "Reading",
    "Recognised",
    "Unit",
    "can_read",
    "read",
    "recognise",
]
