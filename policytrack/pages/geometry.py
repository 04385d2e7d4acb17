"""Work out where things stand on a map: projection, coast and bands. Pure, in canvas units.

The projection is equirectangular with true scale at 20 degrees, the middle of the region; a country
stays where every reader looks for it, and nothing is mirrored in right-to-left pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians

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
    tip = ahead(along.end, last, -min(gap, far / 4))
    return ahead(tip, last, -min(1.5 * _wing(width), far / 2)), tip, last


def _wing(width: float) -> float:
    """Return half the breadth of an arrow head."""
    return max(width * 0.85, width / 2 + 2.2)


def _unit(start: Point, end: Point) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    far = hypot(dx, dy) or 1
    return dx / far, dy / far


def ahead(point: Point, along: Point, by: float) -> Point:
    """Return the point that lies so far from another along a direction of length one."""
    return point[0] + along[0] * by, point[1] + along[1] * by


def _aside(point: Point, along: Point, by: float) -> Point:
    return point[0] - along[1] * by, point[1] + along[0] * by


def _text(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    return f"{round(value, 1) + 0:g}"  # adding nought takes the sign off a nought
