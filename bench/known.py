"""What is in the made-up articles, in a site's cache, as if a language model had found it.

It goes through the store that `postil build` asks, and by no other way.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import corpus
import msgspec

from builder import keeping, nlp, prose, settings
from builder.chain import STORE
from builder.errors import Place
from builder.model import Analysis, ArticleId, Chain, FrontMatter, Mention, Span, Statement
from builder.model import Article as Source
from builder.store import Store


def put(root: Path, count: int) -> None:
    """Put what there is to find in so many articles into the cache of a site."""
    chosen = settings.load(root / "site.toml")
    mark = nlp.fingerprint(chosen.nlp)
    cache_ = keeping.cache_of(root, None)
    keeping.mark(cache_)
    with Store(cache_ / STORE) as store:
        for numbers in batches(count):
            answers = {}
            for number in numbers:
                report = corpus.article(number)
                meta = FrontMatter(title=report.title, published=report.published)
                source = Source(ArticleId(report.slug), Place(report.slug), meta, report.body)
                text = prose.parse(source, chosen.markdown).prose
                if text.text != report.text:
                    raise SystemExit(f"{report.slug} is read otherwise than it was written")
                answers[nlp.kept_under(text, mark)] = msgspec.json.encode(analysis(report.found))
            store.put_many(nlp.KIND, answers)


def batches(count: int) -> Iterator[range]:
    """The numbers of all articles, a thousand at a time."""
    return (range(at, min(at + 1000, count)) for at in range(0, count, 1000))


def analysis(found: corpus.Found) -> Analysis:
    """What there is to find, as the language model would have told it."""
    names = sorted(found.names, key=lambda each: each[:2])
    people = list(dict.fromkeys(who for *_, who in names))
    chains = [
        Chain(
            mentions=tuple(
                sorted(
                    (at for at, (*_, other) in enumerate(names) if other == who),
                    key=lambda at: (names[at][0] - names[at][1], at),
                )
            ),
            kind=who.kind,
            name=who.name,
            descriptions=tuple(Span(*at) for *at, other in found.roles if other == who),
        )
        for who in people
    ]
    return Analysis(
        mentions=tuple(Mention(Span(start, end), who.kind) for start, end, who in names),
        statements=tuple(
            Statement(
                **{name: tuple(Span(*each) for each in some) for name, some in spans.items()},
                form=form,
                named=who is not None,
                chain=people.index(who) if who else None,
                rule="subject-of-cue" if spans["source"] else "no-source",
                confidence=0.9,
            )
            for form, spans, who in found.statements
        ),
        chains=tuple(chains),
    )
