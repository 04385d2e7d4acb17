"""Take a whole result along: everything that answers, up to a bound, read in sets."""

from __future__ import annotations

from policytrack.search.engine import Order

# So many results at most stand in one file, and so many are read at a time.
MOST = 10_000
AT_A_TIME = 200

_OPEN = "open"


def is_cut(order: Order) -> bool:
    """Tell whether there are more results than fit into a file."""
    return order.total > len(order.keys)


def is_open(key: str) -> bool:
    """Tell whether a key names what is not published, and shown to a few."""
    return key.rpartition(":")[2] == _OPEN


def thing_of(key: str) -> str:
    """Return the public id or code of the thing that a key names."""
    return key.partition(":")[2].rpartition(":")[0]
