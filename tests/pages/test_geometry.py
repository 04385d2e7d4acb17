"""The geometry of maps: nothing outside the frame, no name over another, the way shown."""

from __future__ import annotations

import re
from itertools import combinations
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrack.pages.geometry import Frame, Point, band, clip, coast, fit, thread, way
from policytrack.pages.lettering import Label, Spot, broken, place

FRAME = Frame(west=0, north=50, scale=10, width=1000, height=500)


def _points(path: str) -> list[Point]:
    numbers = [float(number) for number in re.findall(r"-?[0-9.]+", path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_north_is_up_and_east_is_right() -> None:
    here, north, east = FRAME.at(20, 20), FRAME.at(20, 30), FRAME.at(30, 20)
    assert north[1] < here[1] < 500
    assert north[0] == here[0] < east[0]


positions = st.tuples(st.floats(-20, 148), st.floats(-26, 50))


@given(st.lists(positions, min_size=1, max_size=30))
def test_what_is_framed_stands_inside(spots: list[Point]) -> None:
    frame = fit(spots, width=600, ratios=(1.1, 2.0), least=20, room=0.05)
    assert 600 / 2.0 - 1 <= frame.height <= 600 / 1.1 + 1
    for spot in spots:
        x, y = frame.at(*spot)
        assert 0 < x < 600
        assert 0 < y < frame.height


def test_neighbours_do_not_seem_a_continent_apart() -> None:
    frame = fit([(50.5, 26.0), (51.2, 25.3)], width=300, ratios=(1, 2), least=20, room=0.1)
    (ax, ay), (bx, by) = frame.at(50.5, 26.0), frame.at(51.2, 25.3)
    assert hypot(ax - bx, ay - by) < 20


SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]


def test_clipping_keeps_what_is_inside_and_nothing_else() -> None:
    assert clip(SQUARE, left=-1, top=-1, right=11, bottom=11) == [SQUARE[-1], *SQUARE[:-1]] or set(
        clip(SQUARE, left=-1, top=-1, right=11, bottom=11)
    ) == set(SQUARE)
    assert set(clip(SQUARE, left=5, top=5, right=20, bottom=20)) == {
        (5, 5),
        (10, 5),
        (10, 10),
        (5, 10),
    }
    assert clip(SQUARE, left=20, top=20, right=30, bottom=30) == []
    assert clip([], left=0, top=0, right=1, bottom=1) == []


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=3, max_size=20))
def test_clipping_never_leaves_the_rectangle(ring: list[Point]) -> None:
    for x, y in clip(ring, left=-10, top=-10, right=10, bottom=10):
        assert -10.001 <= x <= 10.001
        assert -10.001 <= y <= 10.001


def test_the_coast_is_a_short_path_of_whole_steps() -> None:
    ring = [(10.0, 10.0), (30.0, 10.0), (30.0, 10.001), (30.0, 30.0), (30.0, 31.0), (10.0, 31.0)]
    path = coast([ring, [(200.0, 0.0), (201.0, 0.0), (201.0, 1.0)]], FRAME)
    assert path.count("M") == path.count("z") == 1
    assert re.fullmatch(r"M-?\d+ -?\d+l[-\d ]+z", path)
    assert len(_points(path.replace("-", " -"))) == 4  # what stands on the way is left out


def test_an_island_smaller_than_a_dot_is_left_out() -> None:
    assert coast([[(10.0, 10.0), (10.01, 10.0), (10.01, 10.01)]], FRAME) == ""


def test_a_band_begins_at_its_start_and_points_at_its_end() -> None:
    along = way((100, 100), (300, 200), FRAME)
    corners = _points(band(along, 10, gap=4))
    assert hypot(corners[0][0] - 100, corners[0][1] - 100) == pytest.approx(5, abs=0.1)
    nearest = min(corners, key=lambda at: hypot(at[0] - 300, at[1] - 200))
    assert hypot(nearest[0] - 300, nearest[1] - 200) == pytest.approx(4, abs=0.1)


def test_there_and_back_are_two_ways() -> None:
    there, back = way((100, 100), (300, 100), FRAME), way((300, 100), (100, 100), FRAME)
    assert there.steps(1)[0][1] == pytest.approx(200 - back.steps(1)[0][1])
    assert abs(there.steps(1)[0][1] - 100) > 10
    long = way((100, 100), (900, 100), FRAME), way((900, 100), (100, 100), FRAME)
    assert long[0].steps(1)[0][1] == pytest.approx(200 - long[1].steps(1)[0][1])


def test_a_wide_band_between_neighbours_keeps_its_direction() -> None:
    corners = _points(band(way((100, 100), (120, 100), FRAME), 60, gap=4))
    assert max(hypot(x - 110, y - 100) for x, y in corners) < 20


def test_a_way_to_the_same_point_is_drawn_without_fault() -> None:
    along = way((100, 100), (100, 100), FRAME)
    assert "nan" not in band(along, 5, gap=3) + thread(along, gap=3)


def test_numbers_carry_no_needless_signs() -> None:
    assert "-0 " not in f"{band(way((0, 0), (10, 0), FRAME), 0.01, gap=3)} "


def _box(label: Label, size: float) -> tuple[float, float, float, float]:
    across = max(map(len, label.lines)) * size * 0.6
    left = {"start": label.x, "middle": label.x - across / 2, "end": label.x - across}[label.anchor]
    top = label.y - size * 0.8
    return left, top, left + across, top + len(label.lines) * size * 1.1


names = st.text("abcdefgh ", min_size=3, max_size=30).filter(lambda name: name.strip() != "")
spots = st.lists(
    st.builds(Spot, st.tuples(st.floats(0, 1000), st.floats(0, 500)), names), max_size=25
)


@given(spots)
def test_no_name_lies_over_another_or_over_the_edge(found: list[Spot]) -> None:
    placed = [_box(label, 14) for label in place(found, FRAME, size=14, most=20, dot=3)]
    assert len(placed) <= 20
    for left, top, right, bottom in placed:
        assert left >= 1.9
        assert top >= 1.9
        assert right <= 998.1
        assert bottom <= 498.1
        assert not any(left < x < right and top < y < bottom for (x, y) in (s.at for s in found))
    for a, b in combinations(placed, 2):
        apart = a[2] <= b[0] + 0.2 or b[2] <= a[0] + 0.2 or a[3] <= b[1] + 0.2 or b[3] <= a[1] + 0.2
        assert apart


def test_a_name_stands_nearest_to_its_own_point_or_is_led_to_it() -> None:
    pair = [Spot((500, 250), "Bahrain"), Spot((506, 254), "Qatar")]
    west, east = place(pair, FRAME, size=13, most=9, dot=3)
    assert west.lines == ("Bahrain",)
    assert west.anchor == "end" or west.leader
    assert east.anchor == "start" or east.leader


def test_without_leaders_a_name_without_room_is_left_out() -> None:
    crowd = [Spot((500 + 4 * number, 250), f"Place {number}") for number in range(12)]
    assert len(place(crowd, FRAME, size=13, most=12, dot=3, leaders=False)) < 12
    assert all(
        label.leader is None
        for label in place(crowd, FRAME, size=13, most=12, dot=3, leaders=False)
    )
    assert len(place(crowd, FRAME, size=13, most=12, dot=3)) == 12


def test_what_comes_first_is_named_first() -> None:
    crowd = [Spot((500, 250), "First"), Spot((500, 250), "Second")]
    assert [label.lines[0] for label in place(crowd, FRAME, size=13, most=1, dot=3)] == ["First"]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Nepal", ("Nepal",)),
        ("Lao People's Democratic Republic", ("Lao People's", "Democratic Republic")),
        ("United Republic of Tanzania", ("United Republic", "of Tanzania")),
        ("Oneverylongwordwithoutanybreak", ("Oneverylongwordwithoutanybreak",)),
    ],
)
def test_long_names_are_broken_between_words(name: str, lines: tuple[str, ...]) -> None:
    assert broken(name) == lines
