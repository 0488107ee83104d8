"""What a hover note says, and the marks that open it.

People are protected here. A name whose entity has no page is a word like any other: no mark, no
link, no note, no counts across reports. The note of a statement by such a person says what the
article says, and an unnamed source is never linked, counted or joined to another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from builder import routes
from builder.model import (
    Anchor,
    ArticleId,
    Edited,
    EntityHere,
    EntityKey,
    Noted,
    Said,
    Spans,
)
from builder.render.disputes import other_side, side_by_side
from builder.render.edition import Edition, entity_link, resolver
from builder.render.editors import markdown
from builder.render.sections import KINDS
from builder.render.sourcing import form_of, name_of, naming_in, why_unnamed
from builder.render.views import (
    DisputeView,
    EntityNoteView,
    LinkView,
    NoteView,
    StatementView,
)
from builder.render.weave import Mark, Ref
from builder.render.wording import capitalised, clipped, inside

MOST = 50
"""Entities of one article that are links in its text, those named most often, unless all mentions
are to be: whoever reads with the keyboard stops at every one."""
PREPOSITIONS = frozenset(
    {"about", "after", "ahead", "at", "before", "by", "during", "following", "from", "in", "into"}
    | {"late", "on", "over", "through", "to", "via", "when", "while", "within"}
)
"""Words with which a stretch of text can follow `Said` as it is."""

POSSESSIVES = frozenset({"her", "his", "its", "their", "my", "our", "your"})

PLACES_TO_SAY_IT_ON = frozenset(
    {"account", "blog", "channel", "feed", "page", "programme", "radio", "show", "site"}
    | {"television", "tv", "website"}
)
"""A statement is made in a letter, but on these; and on what is named by one word: `Facebook`."""

Group = tuple[Spans, tuple[Said, ...], tuple[Noted, ...]]
"""Annotations of exactly the same words: one mark, one note."""


def opens(note: str) -> tuple[tuple[str, str], ...]:
    """The attributes of a link that lets the note with this id open.

    The only place that writes `interestfor`, which is not in the HTML standard yet.
    """
    return (("interestfor", note),)


def numbered(edition: Edition, edited: Edited) -> tuple[tuple[NoteView, ...], tuple[Mark, ...]]:
    """The numbered notes of an article and the marks that lead to them, in reading order."""
    notes: list[NoteView] = []
    marks: list[Mark] = []
    found = groups(edited)
    numbers = {anchor: number for anchor, (number, _) in places(edited).items()}
    for number, (spans, statements, remarks) in enumerate(found, 1):
        views = tuple(
            _statement(edition, edited, said, numbers, "" if at == 0 else said.anchor)
            for at, said in enumerate(statements)
        )
        note = NoteView(
            id=f"n{number}",
            number=number,
            permalink=f"#{_anchor(statements, remarks)}",
            statements=views,
            quote="" if views else clipped(_words(edited, spans), 12),
            notes=tuple(
                markdown(remark.text, edition.settings, edited.article, edition)
                for remark in remarks
            ),
        )
        words = edition.words
        about = words("note.source", source=views[0].source.text) if views else words("note.editor")
        classes = f"q {statements[0].statement.form}" if statements else "n"
        marks.append(
            Mark(
                id=_anchor(statements, remarks),
                spans=spans,
                classes=classes,
                ref=Ref(number, f"#{note.id}", f" ({about})", opens(note.id)),
            )
        )
        notes.append(note)
    return tuple(notes), tuple(marks)


def places(edited: Edited) -> dict[Anchor, tuple[int, Anchor]]:
    """For each statement that is shown, its note's number and the anchor of its words.

    Several statements in the very same words have one mark, with the anchor of the first.
    """
    return {
        said.anchor: (number, statements[0].anchor)
        for number, (_, statements, _) in enumerate(groups(edited), 1)
        for said in statements
    }


def anchored(edited: Edited) -> Iterator[tuple[Said, Anchor]]:
    """Each statement that is shown, in text order, and the anchor of its words."""
    of = places(edited)
    return ((said, of[said.anchor][1]) for said in edited.statements if said.anchor in of)


def entities(edition: Edition, edited: Edited) -> tuple[tuple[EntityNoteView, ...], list[Mark]]:
    """The notes of the entities an article links to, in reading order, and the links' marks."""
    page = edition.paths[edited.article.id]
    here = {entity.key: entity for entity in edited.entities}
    notes: dict[str, EntityNoteView] = {}
    marks: list[Mark] = []
    linked: set[tuple[str, int]] = set()
    policy = edition.settings.statements.link_mentions
    headings = [block.span for block in edited.prose.blocks if block.kind == "heading"]
    leading = {key for key, _ in Counter(each.entity for each in edited.mentions).most_common(MOST)}
    for named in edited.mentions:
        entity = here.get(named.entity)
        if not _is_marked(edition, entity, named.form) or entity is None:
            continue
        if any(heading.overlaps(named.span) for heading in headings):
            continue
        section = sum(heading.end <= named.span.start for heading in headings)
        place = (entity.key, section if policy == "section" else 0)
        link = _page_of(edition, entity, page)
        is_wanted = policy == "all" or (place not in linked and entity.key in leading)
        if not (link and policy != "none" and is_wanted):
            continue
        linked.add(place)
        if entity.key not in notes:
            notes[entity.key] = _entity_note(edition, edited, entity.key, f"e{len(notes) + 1}")
        marks.append(
            Mark(
                id="",
                spans=(named.span,),
                classes=f"e {entity.kind}",
                href=link,
                attrs=opens(notes[entity.key].id),
            )
        )
    return tuple(notes.values()), marks


def disputes(
    edition: Edition,
    home: ArticleId,
    said: Said,
    page: str,
    numbers: dict[Anchor, int] | None = None,
) -> Iterator[DisputeView]:
    """The other sides of a statement, linked from the page in that folder.

    Args:
        edition: The site.
        home: The article that carries the statement.
        said: The statement.
        page: Folder of the page that shows this.
        numbers: On the article's own page, the notes' numbers by statement: the link then opens
            the other side's note, too.
    """
    for dispute in said.disputes:
        other = other_side(edition, dispute)
        if other is None:
            continue
        number = (numbers or {}).get(dispute.anchor) if dispute.article == home else None
        yield DisputeView(
            lead=edition.words("dispute.disputes" if dispute.disputes else "dispute.by"),
            link=LinkView(
                clipped(called(edition, dispute.article, other, page), 10)
                or edition.words("source.unclear-inside"),
                edition.href(dispute.article, page, dispute.anchor),
                opens(f"n{number}") if number else (),
            ),
            role=told_apart(edition, dispute.article, other),
            where="" if dispute.article == home else edition.title(dispute.article),
            note=clipped(edition.remark(dispute.note, home, dispute.article, page), 20),
        )


def told_apart(edition: Edition, article: ArticleId, said: Said) -> str:
    """What a source was, or what it is, if others have its name; else nothing."""
    if said.speaker is None or said.speaker_name.casefold() not in edition.namesakes:
        return ""
    about = line_about(edition, said.speaker) if said.speaker in edition.identities else ""
    return edition.tellable(inside(clipped((said.role or about).rstrip("."), 10)), article)


def called(edition: Edition, article: ArticleId, said: Said, page: str) -> str:
    """How the source of an article's statement is called on the page in that folder.

    Only the article itself names somebody whom the register keeps off. Empty where it is not clear.
    """
    entity = edition.identities.get(said.speaker) if said.speaker else None
    away = page != edition.paths[article] and not (entity and entity.path and not said.also)
    kept_off = not edition.protected.keys.isdisjoint({said.speaker, *said.also})
    if away and (kept_off or not edition.tellable(name_of(said))):
        return edition.words("source.kept-off")
    return name_of(said)


def source_link(edition: Edition, article: ArticleId, said: Said, page: str) -> LinkView:
    """The source of an article's statement, linked from the page in that folder if it has one."""
    entity = edition.speaker(said)
    name = capitalised(clipped(called(edition, article, said, page), 10))
    if entity and entity.path and not said.also:
        return LinkView(name or entity.name, entity_link(entity, page).href)
    return LinkView(name or _unclear(edition, said))


def manner(edited: Edited, said: Said) -> str:
    """How and when something was said, in the article's words: `Told the Courier, on Saturday`.

    Only of English texts it is known; so what joins those words is English, too.
    """
    statement = said.statement
    told, medium, when = (
        inside(clipped(_words(edited, spans), 8))
        for spans in (statement.addressee, statement.medium, statement.when)
    )
    if told.casefold().startswith("to "):
        told = told[3:]
    if medium.casefold() in said.speaker_name.casefold():
        medium = ""
    if medium and medium.split()[0].casefold() not in PREPOSITIONS:
        on = medium == medium.split()[0] or medium.split()[-1].casefold() in PLACES_TO_SAY_IT_ON
        medium = f"{'on' if on else 'in'} {medium}"
    parts = (f"told {told}" if told else "", medium, when)
    return capitalised(", ".join(part for part in parts if part))


def is_found(said: Said) -> bool:
    """Whether nobody but the machine answers for a statement."""
    return said.checked_by is None and said.origin == "model"


def checked(said: Said, edition: Edition) -> str:
    """Who says so: nobody but the machine, or an editor, with name and date if they are given."""
    words = edition.words
    if said.checked_by is None:
        return words("checked.found" if is_found(said) else "checked.attributed")
    on = edition.day(said.checked_on).text if said.checked_on else ""
    return words.commas((words("checked.checked"), said.checked_by, on))


def groups(edited: Edited) -> list[Group]:
    """What has a numbered note, in the order in which their numbers stand in the text.

    A number stands at the end of the last piece; where two end together, the shorter's is first.
    """
    spans: dict[Spans, tuple[list[Said], list[Noted]]] = {}
    for said in edited.statements:
        if said.shown and said.statement.content:
            spans.setdefault(said.statement.content, ([], []))[0].append(said)
    for remark in edited.notes:
        spans.setdefault((remark.span,), ([], []))[1].append(remark)
    found = [(where, tuple(saids), tuple(notes)) for where, (saids, notes) in spans.items()]
    return sorted(found, key=lambda group: (group[0][-1].end, -group[0][-1].start))


def _statement(
    edition: Edition, edited: Edited, said: Said, numbers: dict[Anchor, int], anchor: str
) -> StatementView:
    page = edition.paths[edited.article.id]
    entity = edition.speaker(said)
    others = None
    if entity and entity.path and not said.also:
        more = len(edition.site.entities[entity.key].statements) - 1
        all_checked = edition.settings.statements.show == "checked"
        only = edition.words("note.only-checked" if all_checked else "note.only")
        words = edition.words("count.other-statements", more) if more else only
        others = LinkView(words, entity_link(entity, page).href)
    elif entity and not entity.path and not said.also:
        more = sum(each.shown and each.speaker == said.speaker for each in edited.statements) - 1
        if more:
            others = LinkView(edition.words("count.others-here", more))
    view = StatementView(
        anchor=anchor,
        source=source_link(edition, edited.article.id, said, page),
        role=role_of(said),
        naming=naming_in(edition.words, said),
        why_unnamed=why_unnamed(edition.words, said),
        form=form_of(edition.words, said),
        how=manner(edited, said),
        document=document_link(edition, edited, said.document),
        disputes=tuple(disputes(edition, edited.article.id, said, page, numbers)),
        others=others,
        checked=checked(said, edition),
        notes=tuple(markdown(n, edition.settings, edited.article, edition) for n in said.notes),
    )
    return side_by_side(edition, edited, said, view)


def _anchor(statements: Sequence[Said], remarks: Sequence[Noted]) -> Anchor:
    return statements[0].anchor if statements else remarks[0].anchor


def _unclear(edition: Edition, said: Said) -> str:
    """Nobody, with the article's word for the source: `Source not clear (“he”)`."""
    word, words = said.speaker_name.casefold(), edition.words
    if not word:
        return words("source.unclear")
    return words("source.unclear-word", word=words.quoted(word))


def role_of(said: Said) -> str:
    """The role, unless the name says it already: `a spokeswoman for the port`."""
    is_said = said.role.casefold() in (name_of(said) or said.speaker_name).casefold()
    return "" if is_said else inside(clipped(said.role, 10))


def document_link(edition: Edition, edited: Edited, key: str) -> LinkView | None:
    """The document with this id of an article, with its page number; None if it has no address."""
    page = edition.paths[edited.article.id]
    for document in edited.article.meta.documents:
        if document.id == key and document.link:
            words = edition.words("note.document")
            if document.page:
                words = edition.words("note.document-page", page=document.page)
            return LinkView(words, resolver(edition, edited.article, page)(document.link))
    return None


def _entity_note(edition: Edition, edited: Edited, key: EntityKey, name: str) -> EntityNoteView:
    entity = edition.site.entities[key]
    return EntityNoteView(
        id=name,
        kind=edition.words(KINDS[entity.kind][0]),
        link=entity_link(entity, edition.paths[edited.article.id]),
        line=clipped(line_about(edition, key, edited), 24),
        counts=counts_of(edition, key),
    )


def line_about(edition: Edition, key: EntityKey, on: Edited | None = None) -> str:
    """What the register says an entity is, else what the newest report that says so calls it.

    `her predecessor` means nothing away from its report, and is passed over. On a report's page
    (`on`) it is what that report says, else what an earlier one did: nobody is what they will be.
    """
    entity = edition.site.entities[key]
    if entity.known and entity.known.description:
        return entity.known.description
    here = [each.descriptions for each in (on.entities if on else ()) if each.key == key]
    there = (t for article, t in entity.descriptions if not on or edition.is_before(article, on))
    lines = (line for line in chain(*here, there) if line.split()[0].casefold() not in POSSESSIVES)
    return capitalised(next(lines, ""))


def counts_of(edition: Edition, key: EntityKey) -> str:
    """`12 statements in 5 reports`; for what never speaks, `5 reports`."""
    entity = edition.site.entities[key]
    words, reports = edition.words, len(entity.articles)
    if not entity.statements:
        return words("count.reports", reports)
    return words("sign.semicolon").join(
        (words("count.statements", len(entity.statements)), words("count.named-in", reports))
    )


def _is_marked(edition: Edition, here: EntityHere | None, form: str) -> bool:
    if here is None or here.kind not in KINDS or form != "name":
        return False
    return not edition.keeps_off(here.key)


def _page_of(edition: Edition, here: EntityHere, page: str) -> str:
    entity = edition.identities.get(here.key)
    return routes.relative(entity.path, page) if entity and entity.path else ""


def _words(edited: Edited, spans: Spans) -> str:
    return " ".join(edited.prose.text[span.start : span.end] for span in spans)
