"""Look at what belongs to what."""

from __future__ import annotations

from collections.abc import Mapping


def cycle(parents: Mapping[str, str]) -> list[str]:
    """Return the codes of a circle among parents, first and last the same; else none."""
    sound: set[str] = set()
    for start in parents:
        path: list[str] = []
        code = start
        while code and code not in sound:
            if code in path:
                return [*path[path.index(code) :], code]
            path.append(code)
            code = parents.get(code, "")
        sound.update(path)
    return []


def deeper(parents: Mapping[str, str], levels: int) -> list[str]:
    """Return the codes that lie deeper than so many levels; there must be no circle."""

    def depth(code: str) -> int:
        parent = parents.get(code, "")
        return 1 + (depth(parent) if parent else 0)

    return [code for code in parents if depth(code) > levels]
