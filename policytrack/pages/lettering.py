"""Write names beside the points of a map: none over another, none outside. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin

from policytrack.pages.geometry import Frame, Point, ahead


@dataclass(frozen=True, slots=True)
class Spot:
    """Hold a point that wants its name beside it; those that come first choose first."""

    at: Point
    name: str


@dataclass(frozen=True, slots=True)
class Label:
    """Hold a placed name: its lines, the baseline of the first, and on which side it is held.

    `leader` is the line to its point, for a name that found no room close by.
    """

    x: float
    y: float
    anchor: str  # "start" | "middle" | "end", as SVG names it in left-to-right text
    lines: Sequence[str]
    leader: tuple[Point, Point] | None = None


_Box = tuple[float, float, float, float]  # left, top, right, bottom

# Where a name may stand close by, best first: anchor, and the way from the point.
_SIDES: Sequence[tuple[str, float, float]] = (
    ("start", 1, 0),
    ("end", -1, 0),
    ("middle", 0, -1),
    ("middle", 0, 1),
    ("start", 0.7, -0.8),
    ("start", 0.7, 0.8),
    ("end", -0.7, -0.8),
    ("end", -0.7, 0.8),
)
# And further away, at the end of a leader: how many sizes of its letters.
_FURTHER = (2.0, 3.2, 4.6, 6.2)
# What a leader costs at least, in points of lines that a name without one would hide.
_LEADER = 16


@dataclass(frozen=True, slots=True)
class _Try:
    box: _Box
    anchor: str
    leader: tuple[Point, Point] | None
    dear: float


def place(
    spots: Sequence[Spot],
    frame: Frame,
    *,
    size: float,
    most: int,
    dot: float,
    lines: Sequence[Point] = (),
    leaders: bool = True,
) -> list[Label]:
    """Return names beside their points, none over another, a point or the frame's edge.

    `size` is the size of the letters, `most` how many names are wanted, `dot` the radius in which a
    point is kept free. Where there is a choice, a name hides few of the points in `lines`. With
    `leaders` a name without room close by stands apart, joined by a line. What finds no room is
    left out: a table beside the map holds all names.
    """
    taken: list[_Box] = [
        (x - dot, y - dot, x + dot, y + dot) for x, y in (spot.at for spot in spots)
    ]
    placed: list[Label] = []
    for spot in spots:
        if len(placed) == most:
            break
        words = broken(spot.name)
        others = [other.at for other in spots if other is not spot]
        reach = size * (_FURTHER[-1] + max(map(len, words)))
        near = [at for at in lines if _within(reach, at, spot.at)]
        close = [
            each
            for each in _close(spot.at, words, size, dot)
            if _free(each, taken, frame) and _own(each, spot.at, others)
        ]
        best = _cheapest(close, near)
        if leaders and (best is None or _cost(best, near) > _LEADER):
            far = [
                each
                for each in _far(spot.at, words, size, dot)
                if _free(each, taken, frame) and _apart(each, others, size / 2)
            ]
            best = _cheapest([*close, *far], near)
        if best is None:
            continue
        taken.append(best.box)
        left, top, right, _bottom = best.box
        x = {"start": left, "end": right, "middle": (left + right) / 2}[best.anchor]
        placed.append(
            Label(round(x, 1), round(top + size * 0.8, 1), best.anchor, words, best.leader)
        )
    return placed


def _cost(each: _Try, lines: Sequence[Point]) -> float:
    return each.dear + sum(_holds(each.box, at) for at in lines)


def _cheapest(tries: Sequence[_Try], lines: Sequence[Point]) -> _Try | None:
    return min(tries, key=lambda each: _cost(each, lines), default=None)


def _own(each: _Try, at: Point, others: Sequence[Point]) -> bool:
    """Return whether a name is nearest to its own point, so that no other seems to bear it."""
    return _apart(each, others, _away(each.box, at) + 1)


def _apart(each: _Try, others: Sequence[Point], by: float) -> bool:
    return all(_away(each.box, at) > by for at in others)


def _within(reach: float, a: Point, b: Point) -> bool:
    return abs(a[0] - b[0]) < reach and abs(a[1] - b[1]) < reach


def _away(box: _Box, at: Point) -> float:
    return hypot(max(box[0] - at[0], 0, at[0] - box[2]), max(box[1] - at[1], 0, at[1] - box[3]))


def broken(name: str, longest: int = 15) -> tuple[str, ...]:
    """Return a name in lines: those longer than `longest` signs in two, as equal as words allow."""
    words = name.split()
    if len(name) <= longest or len(words) < 2:
        return (name,)
    halves = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return min(halves, key=lambda pair: max(map(len, pair)))


def _close(at: Point, words: Sequence[str], size: float, dot: float) -> Iterator[_Try]:
    reach = dot + 2
    for order, (anchor, right, down) in enumerate(_SIDES):
        yield _Try(_box(at, words, size, anchor, right * reach, down * reach), anchor, None, order)


def _far(at: Point, words: Sequence[str], size: float, dot: float) -> Iterator[_Try]:
    for far in _FURTHER:
        for turn in range(16):
            right, down = cos(turn * pi / 8), sin(turn * pi / 8)
            anchor = "middle" if abs(right) < 0.3 else "start" if right > 0 else "end"
            leader = ahead(at, (right, down), dot), ahead(at, (right, down), far * size)
            box = _box(at, words, size, anchor, right * far * size, down * far * size)
            yield _Try(box, anchor, leader, _LEADER + 4 * (far - _FURTHER[0]))


def _box(
    at: Point, words: Sequence[str], size: float, anchor: str, right: float, down: float
) -> _Box:
    across = max(map(len, words)) * size * 0.6
    tall = len(words) * size * 1.1
    x = at[0] + right
    left = {"start": x, "end": x - across, "middle": x - across / 2}[anchor]
    # Above or below, the words begin where the way ends; beside, they are centred on it.
    share = down / (hypot(right, down) or 1)
    middle = at[1] + down + share * tall / 2
    return left, middle - tall / 2, left + across, middle + tall / 2


def _holds(box: _Box, at: Point) -> bool:
    return box[0] < at[0] < box[2] and box[1] < at[1] < box[3]


def _free(each: _Try, taken: Sequence[_Box], frame: Frame) -> bool:
    left, top, right, bottom = each.box
    if left < 2 or top < 2 or right > frame.width - 2 or bottom > frame.height - 2:
        return False
    if any(
        right > other[0] and left < other[2] and bottom > other[1] and top < other[3]
        for other in taken
    ):
        return False
    if each.leader is None:
        return True
    (ax, ay), (bx, by) = each.leader
    steps = [(ax + (bx - ax) * part / 4, ay + (by - ay) * part / 4) for part in range(1, 5)]
    return not any(_holds(other, step) for other in taken for step in steps)
