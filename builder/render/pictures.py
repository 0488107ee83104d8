"""Pictures in pages: every size and format there is, and their places kept free."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import groupby
from urllib.parse import unquote

from builder import routes
from builder.errors import Place
from builder.model import Article, ArticleId, Picture
from builder.prose import Link
from builder.render.views import FormatView, ImageView
from builder.render.weave import Dress

IN_TEXT = "(min-width:41rem) 37rem,93vw"
"""How wide a picture in the text is, for `sizes`: the measure of `site.css`."""


def formats(picture: Picture, page: str) -> tuple[FormatView, ...]:
    """What there is of a picture besides itself, for the page in that folder."""
    return tuple(
        FormatView(
            type=f"image/{form}",
            srcset=",".join(
                f"{routes.relative(one.path, page)} {one.width}w" for one in renditions
            ),
        )
        for form, renditions in groupby(picture.renditions, key=lambda one: one.format)
    )


def responsive(shown: Callable[[str], ImageView | None], *, first: bool) -> Dress:
    """What puts size and sources at the pictures of a text, for `weave.article_html`.

    Args:
        shown: What is known of the picture at an address.
        first: Whether the first picture is the first of the page: that is fetched at once.
    """
    waiting = [first]

    def dress(attributes: dict[str, str | int | float]) -> str:
        if waiting.pop() if waiting else False:
            del attributes["loading"]
        view = shown(str(attributes["src"]))
        if view is None or not view.width:
            return ""
        attributes |= {"width": view.width, "height": view.height}
        return "".join(
            f'<source type="{each.type}" srcset="{escape(each.srcset)}" sizes="{IN_TEXT}">'
            for each in view.formats
        )

    return dress


def displayed(
    articles: Sequence[Article], links: Mapping[ArticleId, Sequence[Link]], base: str
) -> dict[str, Place]:
    """The pictures that articles show, by where they are published, and where each is named.

    Args:
        articles: All that are published.
        links: Of each article.
        base: The path of the site's address.
    """
    found: dict[str, Place] = {}
    for article in articles:
        if article.meta.image:
            named = routes.beside(article, _file(article.meta.image))
            found.setdefault(named, article.image_place or article.place)
        for link_ in links[article.id]:
            if link_.is_image and link_.kind == "asset":
                place = Place(link_.path or article.place.path, link_.line)
                name = _file(link_.target)
                named = (
                    routes.on_page(article, name, base)
                    if link_.is_raw
                    else routes.beside(article, name)
                )
                found.setdefault(named, place)
    return found


def _file(target: str) -> str:
    """The file that a link names."""
    return unquote(re.split(r"[?#]", target, maxsplit=1)[0])
