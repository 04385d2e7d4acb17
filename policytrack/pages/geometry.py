"""Work out where things stand on a map: projection, coast, bands and labels. Pure, in canvas units.

The projection is equirectangular with true scale at 20 degrees, the middle of the region; a country
stays where every reader looks for it, and nothing is mirrored in right-to-left pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, pi, radians, sin

Point = tuple[float, float]

_SQUEEZE = cos(radians(20))
# A band bends by this share of its length: to the right of its way, a long one to the left, so that
# those from the neighbourhood and those from across the ocean part. There and back are equally long
# and never lie on each other.
_BEND = 0.16
_LONG = 0.3  # of the width of the canvas


@dataclass(frozen=True, slots=True)
class Frame:
    """Map longitudes and latitudes to a canvas; x to the right, y down."""

    west: float
    north: float
    scale: float
    width: int
    height: int

    def at(self, longitude: float, latitude: float) -> Point:
        """Return where a position stands on the canvas."""
        return (
            (longitude - self.west) * _SQUEEZE * self.scale,
            (self.north - latitude) * self.scale,
        )


def fit(
    positions: Sequence[Point],
    *,
    width: int,
    ratios: tuple[float, float],
    least: float,
    room: float,
) -> Frame:
    """Return the frame around positions (longitude, latitude).

    `ratios` bound width to height; `least` is the narrowest frame in degrees of longitude, so that
    neighbours do not seem a continent apart; `room` is the margin as a share of what is framed.
    """
    easts = [position[0] * _SQUEEZE for position in positions]
    norths = [position[1] for position in positions]
    across = max(max(easts) - min(easts), least * _SQUEEZE) * (1 + 2 * room)
    tall = (max(norths) - min(norths)) * (1 + 2 * room)
    tall = max(tall, across / ratios[1])
    across = max(across, tall * ratios[0])
    scale = width / across
    return Frame(
        west=((max(easts) + min(easts)) / 2 - across / 2) / _SQUEEZE,
        north=(max(norths) + min(norths)) / 2 + tall / 2,
        scale=scale,
        width=width,
        height=round(tall * scale),
    )


def clip(
    ring: Sequence[Point], *, left: float, top: float, right: float, bottom: float
) -> list[Point]:
    """Return the part of a closed ring inside a rectangle (Sutherland and Hodgman, 1974)."""
    edges: tuple[tuple[int, float, Callable[[float, float], bool]], ...] = (
        (0, left, float.__ge__),
        (0, right, float.__le__),
        (1, top, float.__ge__),
        (1, bottom, float.__le__),
    )
    kept = [(float(x), float(y)) for x, y in ring]
    for axis, edge, inside in edges:
        given, kept = kept, []
        for before, after in zip(given[-1:] + given, given, strict=False):
            entered = inside(after[axis], float(edge))
            if entered != inside(before[axis], float(edge)):
                share = (edge - before[axis]) / (after[axis] - before[axis])
                crossing = [b + share * (a - b) for a, b in zip(after, before, strict=True)]
                crossing[axis] = float(edge)
                kept.append((crossing[0], crossing[1]))
            if entered:
                kept.append(after)
    return kept


def coast(rings: Iterable[Sequence[Point]], frame: Frame) -> str:
    """Return the path of the land inside a frame, in whole units and relative steps.

    Land that would be smaller than a dot is left out; the frame's edge is drawn a little outside,
    where it is not seen.
    """
    parts = []
    for ring in rings:
        placed = clip(
            [frame.at(*position) for position in ring],
            left=-9,
            top=-9,
            right=frame.width + 9,
            bottom=frame.height + 9,
        )
        whole = _thinned([(round(x), round(y)) for x, y in placed])
        if len(whole) > 3:
            parts.append(_steps(whole))
    return "".join(parts)


def _thinned(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out points that stand where the one before stands, or on the way between two others."""
    kept: list[tuple[int, int]] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1:
            (ax, ay), (bx, by) = kept[-2], kept[-1]
            if (bx - ax) * (point[1] - ay) == (by - ay) * (point[0] - ax):
                kept.pop()
        kept.append(point)
    return kept


def _steps(points: Sequence[tuple[int, int]]) -> str:
    words = [f"M{points[0][0]} {points[0][1]}l"]
    for before, after in pairwise(points):
        step = f"{after[0] - before[0]} {after[1] - before[1]}"
        words.append(step if words[-1].endswith("l") or step.startswith("-") else f" {step}")
    return "".join(words) + "z"


@dataclass(frozen=True, slots=True)
class Way:
    """Hold the way of a band: a bent line (quadratic curve) from one point to another."""

    start: Point
    control: Point
    end: Point

    def steps(self, count: int) -> list[Point]:
        """Return points on the way, its ends left out."""
        return [self._at(part / (count + 1)) for part in range(1, count + 1)]

    def _at(self, share: float) -> Point:
        rest = 1 - share
        a, b, c = rest * rest, 2 * rest * share, share * share
        return (
            a * self.start[0] + b * self.control[0] + c * self.end[0],
            a * self.start[1] + b * self.control[1] + c * self.end[1],
        )


def way(start: Point, end: Point, frame: Frame) -> Way:
    """Return the way from one point to another."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    bend = -_BEND if hypot(dx, dy) > _LONG * frame.width else _BEND
    return Way(
        start, ((start[0] + end[0]) / 2 - dy * bend, (start[1] + end[1]) / 2 + dx * bend), end
    )


def band(along: Way, width: float, *, gap: float) -> str:
    """Return the path of a band that ends in an arrow head, `gap` short of its end.

    Between neighbours it is no wider than a third of its length, or it would have no direction.
    """
    start, control = along.start, along.control
    width = min(width, hypot(along.end[0] - start[0], along.end[1] - start[1]) / 3)
    base, tip, last = _head(along, width, gap)
    first, middle = _unit(start, control), _unit(start, base)
    half, wing = width / 2, _wing(width)
    out = _aside(start, first, half), _aside(control, middle, half), _aside(base, last, half)
    back = _aside(base, last, -half), _aside(control, middle, -half), _aside(start, first, -half)
    head = _aside(base, last, wing), tip, _aside(base, last, -wing)
    return (
        f"M{_text(out[0])}Q{_text(out[1])} {_text(out[2])}"
        f"L{_text(head[0])} {_text(head[1])} {_text(head[2])} {_text(back[0])}"
        f"Q{_text(back[1])} {_text(back[2])}z"
    )


def thread(along: Way, *, gap: float) -> str:
    """Return the path of a thin line with an open arrow head: a way without a number."""
    base, tip, last = _head(along, 0, gap)
    wing = _wing(0)
    return (
        f"M{_text(along.start)}Q{_text(along.control)} {_text(tip)}"
        f"M{_text(_aside(base, last, wing))}L{_text(tip)} {_text(_aside(base, last, -wing))}"
    )


def _head(along: Way, width: float, gap: float) -> tuple[Point, Point, Point]:
    """Return where an arrow head begins, where it ends, and the direction in which it points."""
    last = _unit(along.control, along.end)
    far = hypot(along.end[0] - along.start[0], along.end[1] - along.start[1])
    tip = _ahead(along.end, last, -min(gap, far / 4))
    return _ahead(tip, last, -min(1.5 * _wing(width), far / 2)), tip, last


def _wing(width: float) -> float:
    """Return half the breadth of an arrow head."""
    return max(width * 0.85, width / 2 + 2.2)


def _unit(start: Point, end: Point) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    far = hypot(dx, dy) or 1
    return dx / far, dy / far


def _ahead(point: Point, along: Point, by: float) -> Point:
    return point[0] + along[0] * by, point[1] + along[1] * by


def _aside(point: Point, along: Point, by: float) -> Point:
    return point[0] - along[1] * by, point[1] + along[0] * by


def _text(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    return f"{round(value, 1) + 0:g}"  # adding nought takes the sign off a nought


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
            leader = _ahead(at, (right, down), dot), _ahead(at, (right, down), far * size)
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
