"""Who wins when model and editors disagree: model, register, front matter, sidecar file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from builder import routes
from builder.editing import corrections, disputes, entities, sources
from builder.editing.directory import directory, near
from builder.editing.disputes import joined, side
from builder.editing.galley import FORMS, Galley, alone, hull, locate, short, words_at, words_shown
from builder.model import Analysis, Article, Edited, EntityKey, Known, Named, Noted, Prose
from builder.settings import Settings

_FOLLOWING = frozenset({"hidden-statement", "idle-correction", "no-statement", "same-statement"})
"""Problems that a correction which could not be read may be the cause of."""

__all__ = [
    "FORMS",
    "alone",
    "edit",
    "hull",
    "joined",
    "locate",
    "near",
    "short",
    "side",
    "words_at",
    "words_shown",
]


def edit(
    article: Article,
    prose: Prose,
    analysis: Analysis,
    register: Mapping[EntityKey, Known],
    settings: Settings,
) -> Edited:
    """Give an article its final annotations.

    Weakest to strongest: the model, the register, corrections in the front matter, those in the
    sidecar file. What an editor wrote is never dropped silently: what does not fit is among the
    `problems` of the answer, at the correction's own place. Where a correction could not be read,
    problems that may only follow from that are left out.

    Args:
        article: With its corrections.
        prose: Its clean text; all spans are ranges of it.
        analysis: What the model found in that text.
        register: The register, by key.
        settings: Of the site.
    """
    desk = entities.galley(article, prose, analysis, directory(tuple(register.values())))
    spots = corrections.spots(desk, article.corrections)
    corrections.correct_names(desk, spots)
    sources.attribute(desk, analysis, entities.settle(desk, analysis))
    corrections.correct_statements(desk, spots)
    statements, elsewhere = disputes.within(desk, sources.said(desk, settings.statements), spots)
    return Edited(
        article=article,
        prose=prose,
        entities=entities.entities_here(desk),
        mentions=tuple(
            Named(span=m.span, entity=m.entity, form=m.form, origin=m.origin)
            for m in sorted(desk.mentions, key=lambda m: m.span)
        ),
        statements=statements,
        notes=_noted(desk),
        elsewhere=elsewhere,
        repairs=analysis.repairs if settings.text.repair else (),
        problems=tuple(
            p for p in desk.problems if not (article.is_lacking and p.code in _FOLLOWING)
        ),
    )


def _noted(desk: Galley) -> tuple[Noted, ...]:
    """Editors' notes on words that are no statement, in text order, with their anchors."""
    seen: Counter[str] = Counter()
    result = []
    for span, text in sorted(desk.notes, key=lambda note: note[0]):
        words = words_at(desk.prose, (span,))
        folded = words.casefold()
        result.append(Noted(anchor=routes.anchor("n", words, seen[folded]), span=span, text=text))
        seen[folded] += 1
    return tuple(result)
