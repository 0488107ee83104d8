"""How good related reports are on ECB+: the order of the ten best, and which of them are shown.

    python bench/related.py --gold DIR [--pred FILE] [--curve]

`--gold` holds docs.jsonl (`id`, `title`, `text`) and clusters.jsonl (`id`, `docs`: one event a
line). `--pred` writes the ranked lists, as JSON Lines, for another scorer. `--curve` measures what
is shown at other values of `[related] sure`, too.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import time
from collections.abc import Iterable
from pathlib import Path

from builder import prose
from builder.errors import Place
from builder.model import Article, ArticleId, Edited, FrontMatter, Related, Site
from builder.related import Likeness, likeness, ranked, related
from builder.running import suggested
from builder.settings import RelatedSettings, Settings, SiteSettings

SETTINGS = Settings(site=SiteSettings(title="ECB+"))
MOST = SETTINGS.related.most
DAY = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
PARTS, TURNS = 20, 3
CURVE = (-0.05, -0.03, -0.02, -0.01, 0, 0.01, 0.02, 0.03, 0.05)
"""How far from the default the other values lie."""
MIDDLE = SETTINGS.related.sure


def main() -> None:
    """Print nDCG@5, the figures of what is shown, and how often a lone article gets a link."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--pred", type=Path)
    parser.add_argument("--curve", action="store_true")
    options = parser.parse_args()
    documents = {row["id"]: article(row) for row in rows(options.gold / "docs.jsonl")}
    events = [set(row["docs"]) for row in rows(options.gold / "clusters.jsonl")]
    event_of = {name: event for event in events for name in event}
    start = time.perf_counter()
    site = Site(articles=tuple(documents.values()))
    found = related(site, SETTINGS)
    print(f"articles {len(documents)}  seconds {time.perf_counter() - start:.2f}")
    if options.pred:
        lines = [
            json.dumps({"id": name, "related": [near.article for near in nearest]})
            for name, nearest in found.items()
        ]
        options.pred.write_text("\n".join(lines) + "\n", encoding="utf-8")
    queries = {
        name: event_of[name] - {name} for name in documents if len(event_of.get(name, ())) > 1
    }
    gains = [
        ndcg([n.article in mates for n in found[name]], len(mates))
        for name, mates in queries.items()
    ]
    print(f"nDCG@5 {sum(gains) / len(gains):.4f}")
    print(suggestions(site, found, events))
    curve = [
        RelatedSettings(sure=round(SETTINGS.related.sure + step, 4))
        for step in (CURVE if options.curve else (0,))
    ]
    alike = likeness(site)
    rates = lone_rates(documents, events, curve)
    for settings, rate in zip(curve, rates, strict=True):
        figures = shown_figures(shown(site, settings, alike), queries)
        print(f"sure {settings.sure:.3f}  {figures}  lone {rate:.3f}")


def shown(site: Site, settings: RelatedSettings, alike: Likeness | None) -> dict[str, set[str]]:
    """What is shown under each article of a site."""
    names = [edited.article.id for edited in site.articles]
    lists = ranked(site, settings, alike) if alike else []
    return {
        name: {names[near.at] for near in nearest if near.shown}
        for name, nearest in zip(names, lists, strict=True)
    }


def shown_figures(found: dict[str, set[str]], queries: dict[str, set[str]]) -> str:
    """Precision of shown links, and recall of what could be shown at most."""
    right = wrong = possible = 0
    for name, mates in queries.items():
        right += len(mates & found[name])
        wrong += len(found[name] - mates)
        possible += min(MOST, len(mates))
    return f"precision {right / (right + wrong):.3f}  recall {right / possible:.3f}"


def suggestions(
    site: Site, found: dict[ArticleId, tuple[Related, ...]], events: list[set[str]]
) -> str:
    """Stories that `check` would suggest, and how many are of one event alone."""
    groups = [
        [Path(problem.place.path).stem, *problem.message.partition(": ")[2].split(", ")]
        for problem in suggested(site, found)
    ]
    pure = sum(any(event.issuperset(group) for event in events) for group in groups)
    return f"stories suggested {len(groups)}, of one event {pure}, articles {sum(map(len, groups))}"


def lone_rates(
    documents: dict[str, Edited], events: list[set[str]], curve: list[RelatedSettings]
) -> list[float]:
    """What part of articles gets a link although the others of their event are taken away.

    Each round does so for a twentieth of the events; every event has several turns. One rate for
    each of the settings.
    """
    alone = 0
    linked = [0] * len(curve)
    for number in range(PARTS * TURNS):
        gone: set[str] = set()
        kept: list[str] = []
        for event in events[number % PARTS :: PARTS]:
            chosen = sorted(event)[(number // PARTS) % len(event)]
            gone |= event - {chosen}
            kept.append(chosen)
        site = Site(articles=tuple(each for name, each in documents.items() if name not in gone))
        alike = likeness(site)
        alone += len(kept)
        for at, settings in enumerate(curve):
            found = shown(site, settings, alike)
            linked[at] += sum(bool(found[name]) for name in kept)
    return [count / alone for count in linked]


def ndcg(hits: list[bool], mates: int) -> float:
    """Normalised discounted cumulative gain of the first five."""
    gain = sum(1 / math.log2(at + 2) for at, hit in enumerate(hits[:5]) if hit)
    return gain / sum(1 / math.log2(at + 2) for at in range(min(5, mates)))


def article(row: dict[str, str]) -> Edited:
    """A report as the index would see it, without anything found in it."""
    name = ArticleId(row["id"])
    meta = FrontMatter(title=row["title"], published=DAY)
    source = Article(name, Place(f"{name}.md"), meta, row["text"])
    return Edited(article=source, prose=prose.plain(row["text"]))


def rows(path: Path) -> Iterable[dict[str, object]]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


if __name__ == "__main__":
    main()
