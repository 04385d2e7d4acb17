"""Move notes through their life: each verb authorises, decides, changes and records."""

from policytrack.progress.service.deciding import publish, retract, return_, take_up
from policytrack.progress.service.quoting import QuoteCommand, passage, quotable, quote
from policytrack.progress.service.submitting import lacking, submit, withdraw
from policytrack.progress.service.translating import TranslationCommand, translate
from policytrack.progress.service.writing import discard, revise, save, start

__all__ = [
    "QuoteCommand",
    "TranslationCommand",
    "discard",
    "lacking",
    "passage",
    "publish",
    "quotable",
    "quote",
    "retract",
    "return_",
    "revise",
    "save",
    "start",
    "submit",
    "take_up",
    "translate",
    "withdraw",
]
