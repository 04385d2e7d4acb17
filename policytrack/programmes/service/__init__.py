"""Write of programmes: what they are, what they achieved and taught, which documents they name."""

from policytrack.programmes.service.describing import describe
from policytrack.programmes.service.items import (
    add_item,
    change_item,
    move_item,
    remove_item,
    restore_item,
)
from policytrack.programmes.service.papers import link, unlink

__all__ = [
    "add_item",
    "change_item",
    "describe",
    "link",
    "move_item",
    "remove_item",
    "restore_item",
    "unlink",
]
