"""The scripts of a report's page, each in every language that reports speak.

What they make has words, and needs no place in a page that cannot use it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from builder.model import File
from builder.render import assets
from builder.render.catalogue import Words
from builder.render.edition import Edition

MARKS, ARTICLE, SHARE = "marks.js", "article.js", "share.js"
_WORDS = {
    MARKS: {
        "heading": "marks.heading",
        "all": "marks.all",
        "quotes": "marks.quotes",
        "off": "marks.off",
        "share": "share.share",
    },
    SHARE: {
        "copy": "share.copy",
        "mail": "share.mail",
        "embed": "share.embed",
        "card": "share.card",
        "more": "share.more",
        "read": "mail.read",
    },
    ARTICLE: {
        "close": "panel.close",
        "heading": "follow.heading",
        "follow": "follow.follow",
        "of": "follow.of",
        "previous": "follow.previous",
        "next": "follow.next",
        "end": "follow.end",
        "link": "share.link",
    },
}
"""What each script calls its words, and their messages."""


def name_of(script: str, words: Words) -> str:
    """What an edition's `assets` call a script in a language."""
    return f"{script} {words.tag}"


def spoken(edition: Edition, root: Path) -> Iterator[tuple[str, File]]:
    """Each script in each language, by its name among the assets.

    Args:
        edition: The site.
        root: Its folder, for scripts of its own.
    """
    speaks = [edition.within(edited.article.id).words for edited in edition.site.articles]
    for words in {each.tag: each for each in (edition.words, *speaks)}.values():
        menu = ""
        for script, messages in _WORDS.items():
            told = {name: words(key) for name, key in messages.items()}
            if script == ARTICLE:
                # It fetches the share menu, which lies beside it, when that is first wanted.
                told["menu"] = menu
            file = assets.spoken(root, script, words.tag, told)
            menu = PurePosixPath(file.path).name
            yield name_of(script, words), file
