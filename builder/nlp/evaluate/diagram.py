"""Draws how sure statements are against how often they are right, as SVG."""

from __future__ import annotations

from collections.abc import Sequence

from builder.nlp.evaluate.figures import Tenth

_SIDE = 300
_LEFT, _TOP, _RIGHT, _BOTTOM = 56, 16, 16, 48
_GREY, _BLUE = "#808890", "#3f85d6"
"""Both stand out from white and from near black: whoever embeds a picture sets the ground."""


def svg(tenths: Sequence[Tenth]) -> str:
    """Return a picture with a dot for every tenth, as large as it has statements.

    On the dashed line confidence is just what it says; below it, too high.
    """
    most = max((each.found for each in tenths), default=1)
    dots = [
        f'<circle cx="{_x(_middle(each)):.1f}" cy="{_y(each.right / each.found):.1f}" '
        f'r="{3 + 9 * (each.found / most) ** 0.5:.1f}"/>'
        for each in tenths
    ]
    scale = [
        f'<path d="M{_x(0)} {_y(at / 5):.1f}h{_SIDE}M{_x(at / 5):.1f} {_y(0)}v-{_SIDE}"/>'
        for at in range(6)
    ]
    numbers = [
        f'<text x="{_LEFT - 8}" y="{_y(at / 5) + 4:.1f}" text-anchor="end">{20 * at}</text>'
        f'<text x="{_x(at / 5):.1f}" y="{_y(0) + 18}" text-anchor="middle">{20 * at}</text>'
        for at in range(6)
    ]
    width, height = _LEFT + _SIDE + _RIGHT, _TOP + _SIDE + _BOTTOM
    middle = _TOP + _SIDE // 2
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" '
        'font-family="system-ui, sans-serif" font-size="12">'
    )
    side = f'<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">'
    return "\n".join(
        [
            head,
            "<title>How sure statements are, and how many of them are right</title>",
            f'<g fill="none" stroke="{_GREY}" stroke-opacity=".35">',
            *scale,
            "</g>",
            f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="{_GREY}" stroke-dasharray="5 4"/>',
            f'<g fill="{_BLUE}">',
            *dots,
            "</g>",
            f'<g fill="{_GREY}">',
            *numbers,
            f'<text x="{_x(0.5):.1f}" y="{height - 10}" text-anchor="middle">confidence, %</text>',
            f"{side}right, %</text>",
            "</g>",
            "</svg>\n",
        ]
    )


def _middle(tenth: Tenth) -> float:
    return tenth.least + 0.05


def _x(share: float) -> float:
    return _LEFT + _SIDE * share


def _y(share: float) -> float:
    return _TOP + _SIDE * (1 - share)
