"""Lines over the number of articles, both scales logarithmic, for light and dark pages."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from itertools import cycle
from typing import NamedTuple

WIDTH, HEIGHT = 380, 270
LEFT, RIGHT, TOP, BOTTOM = 46, 84, 40, 36
GAP = 10
CLOSE = 14
"""Pixels that names must be apart."""
OURS = "Postil"
DASHES = ("none", "7 3", "2 3")
"""Of the others, so that lines that cross can be told apart."""
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #59616b }
.title { font-weight: 600; font-size: 13px; fill: #2a3038 }
.grid { stroke: #8a929c; stroke-opacity: .28 }
.line { fill: none; stroke: #8a929c; stroke-width: 1.6 }
.dot { fill: #8a929c }
.ours.line { stroke: #2268b8; stroke-width: 2.6 } .ours.dot { fill: #2268b8 }
text.ours { fill: #2268b8; font-weight: 600 }
@media (prefers-color-scheme: dark) {
  text { fill: #a3abb5 } .title { fill: #e4e8ec }
  .ours.line { stroke: #6aaef5 } .ours.dot { fill: #6aaef5 } text.ours { fill: #6aaef5 }
}
"""


class Panel(NamedTuple):
    """One diagram: for each program its points, articles and CPU seconds."""

    title: str
    lines: Mapping[str, Sequence[tuple[int, float]]]


def svg(panels: Sequence[Panel]) -> str:
    """The drawing, the panels side by side with the same scales."""
    points = [point for panel in panels for line in panel.lines.values() for point in line]
    xs = [math.log10(articles) for articles, _ in points]
    ys = [math.log10(seconds) for _, seconds in points]
    scale = Scale(min(xs), max(*xs, min(xs) + 0.1), math.floor(min(ys)), math.ceil(max(ys)))
    counts = sorted({articles for articles, _ in points})
    width = len(panels) * WIDTH + (len(panels) - 1) * GAP
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}"'
            f' height="{HEIGHT}" role="img">'
        ),
        "<title>CPU seconds of a build, by number of articles</title>",
        f"<style>{STYLE}</style>",
    ]
    for at, panel in enumerate(panels):
        parts.append(f'<g transform="translate({at * (WIDTH + GAP)} 0)">')
        parts += [*grid(scale, counts), *drawn(panel, scale), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


class Scale(NamedTuple):
    """Where numbers lie in a panel; all four are decimal logarithms."""

    least_x: float
    most_x: float
    least_y: float
    most_y: float

    def x(self, articles: float) -> float:
        """Pixels from the left."""
        share = (math.log10(articles) - self.least_x) / (self.most_x - self.least_x)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, seconds: float) -> float:
        """Pixels from the top."""
        share = (math.log10(seconds) - self.least_y) / (self.most_y - self.least_y)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def grid(scale: Scale, counts: Sequence[int]) -> list[str]:
    """Lines and their numbers."""
    found = []
    for power in range(int(scale.least_y), int(scale.most_y) + 1):
        y = scale.y(10**power)
        found.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        found.append(
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{10**power:g} s</text>'
        )
    for count in counts:
        x = scale.x(count)
        found.append(f'<path class="grid" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"/>')
        label = (
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{count:,}</text>'
        )
        found.append(label)
    middle = (LEFT + WIDTH - RIGHT) / 2
    found.append(f'<text x="{middle:.1f}" y="{HEIGHT - 4}" text-anchor="middle">articles</text>')
    return found


def drawn(panel: Panel, scale: Scale) -> list[str]:
    """The title, the lines, and a name at the end of each."""
    found = [f'<text class="title" x="{LEFT}" y="20">{escape(panel.title)}, CPU seconds</text>']
    ends = {name: scale.y(line[-1][1]) for name, line in panel.lines.items()}
    names = apart(ends)
    patterns = cycle(DASHES)
    for name, line in sorted(panel.lines.items(), key=lambda each: each[0] == OURS):
        kind = "ours " if name == OURS else ""
        dashes = "" if name == OURS else f' stroke-dasharray="{next(patterns)}"'
        path = "L".join(f"{scale.x(n):.1f} {scale.y(s):.1f}" for n, s in line)
        found.append(f'<path class="{kind}line"{dashes} d="M{path}"/>')
        found += [
            f'<circle class="{kind}dot" cx="{scale.x(n):.1f}" cy="{scale.y(s):.1f}" r="3"/>'
            for n, s in line
        ]
        x = scale.x(line[-1][0]) + 9
        text = f'<text class="{kind.strip()}" x="{x:.1f}" y="{names[name] + 4:.1f}">'
        found.append(f"{text}{escape(name)} {line[-1][1]:.2g}</text>")
    return found


def apart(ends: Mapping[str, float]) -> dict[str, float]:
    """Where names stand: at the ends of their lines, pushed down where they would touch."""
    found: dict[str, float] = {}
    last = -CLOSE
    for name, y in sorted(ends.items(), key=lambda each: each[1]):
        last = max(y, last + CLOSE)
        found[name] = last
    return found
