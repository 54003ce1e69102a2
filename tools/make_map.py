"""Make the map that Keeptabs ships: `python tools/make_map.py FOLDER` writes tui/map/world.bin.

FOLDER holds these files of Natural Earth (public domain, https://www.naturalearthdata.com):

    ne_110m_coastline.shp                    ne_10m_coastline.shp
    ne_110m_admin_0_boundary_lines_land.shp  ne_10m_admin_0_boundary_lines_land.shp
    ne_110m_admin_0_countries.shp and .dbf   ne_10m_lakes.shp
    ne_110m_admin_1_states_provinces_lines.shp (of the United States)
    ne_10m_populated_places_simple.dbf

`tui/map/world.py` reads what is written here, and tells the format. Populated places stand in Natural Earth's
files with the least important first; that order is their rank.
"""

import itertools
import json
import math
import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

Point = tuple[float, float]
Line = Sequence[Point]
Weighed = tuple[float, float, bool]
"""A point, and whether it is enough for the picture of a country."""

TARGET: Final = Path(__file__).parents[1] / "tui" / "map" / "world.bin"
LONGEST_PIECE: Final = 48
"""Points of a line that are kept together: pieces outside the picture are passed over by their first look."""
FARTHEST_STEP: Final = 32_000


@dataclass(frozen=True)
class Layer:
    """Lines of one kind, drawn at every scale or only at that of the whole world."""

    name: str
    source: str
    tolerance: float
    """How far a simplified line may be from the real one, in degrees at the equator."""
    smallest: float = 0.0
    """Rings that are smaller than this are left out, in degrees."""
    coarse: bool = False
    """Whether it is what is drawn where the whole world is shown."""
    south: float = -90.0
    """What lies south of this latitude is left out."""


LAYERS: Final = (
    Layer("coast", "ne_110m_coastline", 0.15, coarse=True),
    Layer("border", "ne_110m_admin_0_boundary_lines_land", 0.15, coarse=True),
    Layer("lake", "ne_10m_lakes", 0.15, 1.6, coarse=True),
    Layer("coast", "ne_10m_coastline", 0.03, 0.07, south=-60.0),
    Layer("border", "ne_10m_admin_0_boundary_lines_land", 0.03),
    Layer("region", "ne_110m_admin_1_states_provinces_lines", 0.05),
    Layer("lake", "ne_10m_lakes", 0.045, 0.45),
)
BITS: Final = 17
"""The world's width is divided by 2^17: 300 m at the equator, finer than the lines are true."""
MIDDLE: Final = 0.07 / 360
"""The tolerance of the points that are enough for the picture of a country."""
PLACE_BITS: Final = 18


def main() -> None:
    """Write the file."""
    folder = Path(sys.argv[1])
    blocks: list[bytes] = []
    described: list[dict[str, object]] = []
    for layer in LAYERS:
        lines = list(_simplified(layer, _joined(_shapes(folder / f"{layer.source}.shp"))))
        block = _packed_lines(lines)
        blocks.append(block)
        described.append({"name": layer.name, "coarse": layer.coarse, "bits": BITS, "size": len(block)})
        points = sum(map(len, lines))
        middle = sum(point[2] for line in lines for point in line)
        sys.stdout.write(f"{layer.name}: {len(lines)} lines, {points} ({middle}) points, {len(block)} B\n")
    for name, block in (("places", _places(folder)), ("countries", _countries(folder))):
        blocks.append(block)
        described.append({"name": name, "bits": PLACE_BITS, "size": len(block)})
        sys.stdout.write(f"{name}: {len(block)} B\n")
    header = json.dumps(described, separators=(",", ":")).encode()
    TARGET.write_bytes(struct.pack("<I", len(header)) + header + b"".join(blocks))
    sys.stdout.write(f"{TARGET.stat().st_size} B\n")


def mercator(longitude: float, latitude: float) -> Point:
    """Give the place on the square of Web Mercator: 0 to 1 from west to east and from north to south."""
    latitude = max(-85.0511, min(85.0511, latitude))
    y = math.asinh(math.tan(math.radians(latitude)))
    return (longitude + 180) / 360, (1 - y / math.pi) / 2


def _shapes(path: Path) -> Iterator[Line]:
    """Give all lines and rings of a shapefile (ESRI, 1998)."""
    content = path.read_bytes()
    at = 100
    while at < len(content):
        (words,) = struct.unpack_from(">4xI", content, at)
        (kind,) = struct.unpack_from("<I", content, at + 8)
        if kind in (3, 5):
            yield from _parts(content, at + 8)
        at += 8 + 2 * words


def _parts(content: bytes, at: int) -> Iterator[Line]:
    part_count, point_count = struct.unpack_from("<II", content, at + 36)
    starts = [*struct.unpack_from(f"<{part_count}I", content, at + 44), point_count]
    numbers = struct.unpack_from(f"<{2 * point_count}d", content, at + 44 + 4 * part_count)
    for start, end in itertools.pairwise(starts):
        yield list(zip(numbers[2 * start : 2 * end : 2], numbers[2 * start + 1 : 2 * end : 2], strict=True))


def _table(path: Path, *names: str) -> Iterator[list[str]]:
    """Give these columns of a dBase table."""
    content = path.read_bytes()
    count, header, width = struct.unpack_from("<4xIHH", content)
    places: dict[str, tuple[int, int]] = {}
    at, column = 32, 1
    while content[at] != 0x0D:
        name = content[at : at + 11].split(b"\0")[0].decode().lower()
        places[name] = (column, column + content[at + 16])
        column += content[at + 16]
        at += 32
    for row in range(count):
        record = content[header + row * width : header + (row + 1) * width]
        yield [record[slice(*places[name])].decode("utf-8").strip(" \0") for name in names]


def _joined(lines: Iterable[Line]) -> Iterator[Line]:
    """Join lines where exactly two end, so that they are simplified as one."""
    known = [list(line) for line in lines]
    ends: dict[Point, set[int]] = {}
    for place, line in enumerate(known):
        for end in {line[0], line[-1]}:
            ends.setdefault(end, set()).add(place)
    for end, meeting in ends.items():
        if len(meeting) != 2:
            continue
        first, second = sorted(meeting)
        one, other = known[first], known[second]
        if one[0] == one[-1] or other[0] == other[-1]:
            continue
        one = one if one[-1] == end else one[::-1]
        other = other if other[0] == end else other[::-1]
        known[first], known[second] = one + other[1:], []
        far = other[-1]
        ends[far] = (ends[far] - {second}) | {first}
    yield from (line for line in known if line)


def _simplified(layer: Layer, lines: Iterable[Line]) -> Iterator[Sequence[Weighed]]:
    for line in lines:
        size = max(max(axis) - min(axis) for axis in zip(*line, strict=True))
        if size < layer.smallest or max(point[1] for point in line) < layer.south:
            continue
        yield _thinned([mercator(*point) for point in line], layer.tolerance / 360)


def _thinned(line: Line, tolerance: float) -> list[Weighed]:
    """Give the points that the line needs to stay within the tolerance (Douglas and Peucker, 1973)."""
    kept = {0: 1.0, len(line) - 1: 1.0}
    waiting = [(0, len(line) - 1, 1.0)]
    while waiting:
        first, last, needed = waiting.pop()
        farthest, at = 0.0, 0
        (ax, ay), (bx, by) = line[first], line[last]
        dx, dy = bx - ax, by - ay
        length = math.hypot(dx, dy)
        for place in range(first + 1, last):
            x, y = line[place]
            # A ring begins where it ends: there the distance from that point counts.
            away = abs(dx * (y - ay) - dy * (x - ax)) / length if length else math.hypot(x - ax, y - ay)
            if away > farthest:
                farthest, at = away, place
        if farthest > tolerance:
            kept[at] = min(needed, farthest)
            waiting += [(first, at, kept[at]), (at, last, kept[at])]
    return [(*line[place], kept[place] > MIDDLE) for place in sorted(kept)]


def _packed_lines(lines: Iterable[Sequence[Weighed]]) -> bytes:
    """Pack lines: counts of points, first points, steps, and which points are enough for a country.

    High bytes of steps stand apart: they are nearly all alike.
    """
    counts, starts, steps, enough = array("H"), array("i"), array("h"), bytearray()
    for line in lines:
        points = _quantised(line)
        for first in range(0, max(1, len(points) - 1), LONGEST_PIECE - 1):
            piece = points[first : first + LONGEST_PIECE]
            if len(piece) < 2:
                continue
            counts.append(len(piece))
            starts.extend(piece[0][:2])
            # The ends of pieces are kept at every scale, so that they meet.
            enough += bytes((True, *(point[2] for point in piece[1:-1]), True))
            for axis in (0, 1):
                steps.extend(b[axis] - a[axis] for a, b in itertools.pairwise(piece))
    low, high = steps.tobytes()[::2], steps.tobytes()[1::2]
    head = struct.pack("<II", len(counts), len(steps))
    return zlib.compress(head + counts.tobytes() + starts.tobytes() + low + high + bytes(enough), 9)


def _quantised(line: Sequence[Weighed]) -> list[tuple[int, int, bool]]:
    points: list[tuple[int, int, bool]] = []
    for x, y, enough in line:
        bx, by = round(x * (1 << BITS)), round(y * (1 << BITS))
        if not points:
            points.append((bx, by, enough))
            continue
        ax, ay, _ = points[-1]
        parts = max(abs(bx - ax), abs(by - ay)) // FARTHEST_STEP + 1
        for part in range(1, parts + 1):
            between = (ax + (bx - ax) * part // parts, ay + (by - ay) * part // parts)
            if between != points[-1][:2]:
                points.append((*between, enough))
    return points


def _places(folder: Path) -> bytes:
    """Pack populated places, the most important first: x and y, then country and name, a line each."""
    rows = list(
        _table(folder / "ne_10m_populated_places_simple.dbf", "name", "iso_a2", "longitude", "latitude")
    )
    rows.reverse()
    across, down, names = array("i"), array("i"), []
    for name, country, longitude, latitude in rows:
        x, y = mercator(float(longitude), float(latitude))
        across.append(round(x * (1 << PLACE_BITS)))
        down.append(round(y * (1 << PLACE_BITS)))
        names.append(
            f"{country if len(country) == 2 and country.isalpha() else '--'}{' '.join(name.split())}"
        )
    head = struct.pack("<I", len(rows))
    return zlib.compress(head + across.tobytes() + down.tobytes() + "\n".join(names).encode(), 9)


def _countries(folder: Path) -> bytes:
    """Pack countries as JSON: code, rank of the name, where the name stands, box of the mainland."""
    source = folder / "ne_110m_admin_0_countries"
    columns = ("iso_a2_eh", "min_label", "label_x", "label_y")
    shapes = _shapes_by_record(source.with_suffix(".shp"))
    known = []
    for (code, rank, x, y), rings in zip(_table(source.with_suffix(".dbf"), *columns), shapes, strict=True):
        if len(code) != 2 or not code.isalpha():
            continue
        mainland = max(rings, key=_area)
        west, east = min(p[0] for p in mainland), max(p[0] for p in mainland)
        south, north = min(p[1] for p in mainland), max(p[1] for p in mainland)
        label = [round(number, 5) for number in mercator(float(x), float(y))]
        box = [round(n, 5) for n in (*mercator(west, north), *mercator(east, south))]
        known.append([code, float(rank), *label, *box])
    known.sort(key=lambda country: float(str(country[1])))
    return zlib.compress(json.dumps(known, separators=(",", ":")).encode(), 9)


def _shapes_by_record(path: Path) -> Iterator[list[Line]]:
    content = path.read_bytes()
    at = 100
    while at < len(content):
        (words,) = struct.unpack_from(">4xI", content, at)
        yield list(_parts(content, at + 8))
        at += 8 + 2 * words


def _area(ring: Line) -> float:
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in itertools.pairwise(ring)))


if __name__ == "__main__":
    main()
