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
from policytrack.library.service.recognising import (
    Turn,
    begin_page,
    enqueue,
    have_recognised,
    keep_page,
    try_again,
)
from policytrack.library.service.texts import keep_text
from policytrack.library.service.writing import claimed, discard, revise, save, start

__all__ = [
    "Turn",
    "begin_page",
    "claimed",
    "discard",
    "enqueue",
    "have_recognised",
    "keep_page",
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
    "try_again",
    "withdraw",
]
