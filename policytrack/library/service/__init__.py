"""Change the library: write, hand in, decide, take files in and read their text."""

from policytrack.library.service.deciding import (
    lacking,
    publish,
    retract,
    return_,
    submit,
    take_up,
    withdraw,
)
from policytrack.library.service.texts import keep_text
from policytrack.library.service.writing import claimed, discard, revise, save, start

__all__ = [
    "claimed",
    "discard",
    "keep_text",
    "lacking",
    "publish",
    "retract",
    "return_",
    "revise",
    "save",
    "start",
    "submit",
    "take_up",
    "withdraw",
]
