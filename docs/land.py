"""Make the land of the maps anew from Natural Earth, as the package world-atlas carries it.

Run: npm pack world-atlas@2.0.2
     .venv/bin/python docs/land.py world-atlas-2.0.2.tgz

It reads `land-50m.json` (land without any boundary), cuts the window out, simplifies it and writes
`policytrack/places/data/land.json`. Standard library only.
"""

from __future__ import annotations

import json
import sys
import tarfile
from math import hypot
from pathlib import Path

from policytrack.pages.geometry import Point, clip

TARGET = Path(__file__).parent.parent / "policytrack" / "places" / "data" / "land.json"
WINDOW = {"left": -22.0, "right": 150.0, "top": -28.0, "bottom": 52.0}
TOLERANCE = 0.1  # degrees; less than a unit of the widest map
SMALLEST = 0.03  # square degrees; Bahrain and Singapore stay
GRID = 20  # steps to a degree


def rings(topology: dict) -> list[list[Point]]:
    """Return all rings of a TopoJSON topology in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            arc.append((x * sx + tx, y * sy + ty))
        arcs.append(arc)
    found = []
    for shape in topology["objects"]["land"]["geometries"]:
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        for ring in (ring for polygon in polygons for ring in polygon):
            points: list[Point] = []
            for number in ring:
                arc = arcs[number] if number >= 0 else arcs[~number][::-1]
                points += arc[1:] if points else arc
            found.append(points)
    return found


def simplified(points: list[Point]) -> list[Point]:
    """Return a line with fewer points, none further away than the tolerance (Douglas, Peucker)."""
    if len(points) < 3:
        return points
    (ax, ay), (bx, by) = points[0], points[-1]
    length = hypot(bx - ax, by - ay)

    def away(point: Point) -> float:
        if not length:
            return hypot(point[0] - ax, point[1] - ay)
        return abs((bx - ax) * (ay - point[1]) - (ax - point[0]) * (by - ay)) / length

    far = max(range(1, len(points) - 1), key=lambda index: away(points[index]))
    if away(points[far]) <= TOLERANCE:
        return [points[0], points[-1]]
    return simplified(points[: far + 1])[:-1] + simplified(points[far:])


def area(points: list[Point]) -> float:
    """Return the area of a ring in square degrees."""
    around = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in around)) / 2


def main() -> None:
    """Write the land of the window."""
    sys.setrecursionlimit(10_000)
    with tarfile.open(sys.argv[1]) as package:
        file = package.extractfile("package/land-50m.json")
        topology = json.load(file)
    lines = []
    for ring in rings(topology):
        inside = clip(ring, **WINDOW)
        if len(inside) < 4 or area(inside) < SMALLEST:
            continue
        half = len(inside) // 2
        kept = simplified(inside[: half + 1])[:-1] + simplified([*inside[half:], inside[0]])[:-1]
        if len(kept) > 2:
            lines.append([round(value * GRID) for point in kept for value in point])
    text = ",\n".join(json.dumps(line, separators=(",", ":")) for line in lines)
    TARGET.write_text(f'{{"grid": {GRID}, "rings": [\n{text}\n]}}\n', encoding="utf-8")
    points = sum(map(len, lines)) // 2
    sys.stdout.write(f"{len(lines)} rings, {points} points, {TARGET.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
