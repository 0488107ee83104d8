"""One report of 2,000 words with 300 entities, 60 statements, footnotes and many headings."""

from __future__ import annotations

from hand_set import article, clean, edited, here, joined, said

from builder.model import Site

STATEMENTS = 60
SPEAKERS = 20
ENTITIES = 300
FILLING = "and so it went on for the rest of that long day until the lamps were lit"


def stress() -> Site:
    """The site with that report alone, at `stress/`."""
    speakers = [f"Ana Speaker{number:03}" for number in range(SPEAKERS)]
    guilds = [f"Guild{number:03}" for number in range(ENTITIES - SPEAKERS)]
    paragraphs, words = [], []
    for number in range(STATEMENTS):
        words.append(f"“Word {number:03} is what we saw,”")
        named = guilds[
            number * len(guilds) // STATEMENTS : (number + 1) * len(guilds) // STATEMENTS
        ]
        if number % 15 == 0:
            paragraphs.append(f"## Part {number // 15 + 1}")
        paragraphs.append(
            f"{words[-1]} said {speakers[number % SPEAKERS]} of {', '.join(named)}, {FILLING}."
            + ("[^a]" if number == 0 else "")
        )
    source = article("stress", "A long day", "\n\n".join([*paragraphs, "[^a]: A footnote."]))
    names = {name: here(name.casefold().replace(" ", "-"), name) for name in speakers}
    names |= {name: here(name.casefold(), name, "organisation") for name in guilds}
    statements = [
        said(
            clean(source),
            text,
            by=names[speakers[number % SPEAKERS]].key,
            name=speakers[number % SPEAKERS],
        )
        for number, text in enumerate(words)
    ]
    return joined((edited(source, names, statements),))
