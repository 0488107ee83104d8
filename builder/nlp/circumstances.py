"""To whom, through what and when something was said, and why its source is not named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc, Token

from builder.model import Span, Spans, Statement
from builder.nlp.lexicon import WORDS

_HOW = r"(?:speaking|spoke|talking|talked|(?:was|were) speaking)"
_NAMED = r"(?:be|being) (?:named|identified|quoted)"
_WHY = re.compile(
    rf"(?:who )?{_HOW} (?:only )?(?:on|under) (?:the )?condition of anonymity|"
    rf"(?:who )?{_HOW} anonymously|"
    r"(?:who )?(?:(?:has |have |had )?(?:asked|requested|wished|wanted|preferred|insisted)"
    r"|asking|requesting|wishing) "
    rf"(?:not to {_NAMED}|(?:for )?anonymity|to remain (?:anonymous|unnamed)"
    r"|that (?:his|her|their) names? be (?:left out|withheld))|"
    rf"(?:who )?(?:(?:did|do|does|would|could) not|(?:did|does|do|would|could)n[’']t) "
    rf"(?:(?:want|wish) to )?(?:{_NAMED}|give (?:a|his|her|their) (?:full )?names?)|"
    rf"(?:who )?(?:declin|refus)(?:ed|ing) to (?:{_NAMED}|give (?:his|her|their) (?:full )?names?)|"
    r"(?:(?:who|because (?:\w+ ){1,3}?)(?: ?(?:is|was|are|were|has|have)(?: been)?) )?"
    r"(?:not|n[’']t) (?:been )?authori[sz]ed to \w+"
)
_END = re.compile(r"[,;:.!?”\"»](?:\s|$)|\n| said\b")
_TITLE_BEGINS = frozenset({"“", "``", "‘", "''"})
_TITLE_ENDS = frozenset({"”", "''", "’", '"'})
"""Marks around the title of a broadcast, with the comma inside: `on “Harbour Watch,” she said`."""
_AGAIN = frozenset({"he", "she", "they", "both"})
_TIMED = re.compile(
    rf"\b(?:{'|'.join(sorted(WORDS.days | WORDS.months | WORDS.times))})\b|\b(?:1[5-9]|20)\d\d\b"
)


def addressee(cue: Token) -> Spans:
    """`Reuters` in `told Reuters` and `Reuters was told`, `reporters` in `said to reporters`."""
    if cue.dep_ == "prep":
        return ()
    subjects = [child for child in cue.children if child.dep_ == "nsubjpass"]
    if subjects:
        return (extent(subjects[0]),) if cue.lemma_ in WORDS.telling else ()
    for child in cue.children:
        told = child.dep_ == "dative" or (child.dep_ == "dobj" and cue.lemma_ not in WORDS.writing)
        if told and cue.lemma_ in WORDS.telling and child.pos_ != "ADP":
            return (extent(child),)
        if child.dep_ in {"prep", "dative"} and child.lower_ == "to":
            for owner in child.children:
                if owner.dep_ == "pobj" and (
                    owner.ent_type_ in {"PERSON", "ORG"} or owner.lower_ in WORDS.hearers
                ):
                    return (extent(owner),)
    return ()


def medium(cue: Token) -> Spans:
    """`in a statement`, `on its Facebook page`."""
    return tuple(
        extent(prep)
        for prep in _prepositions(cue)
        if any(child.dep_ == "pobj" and is_medium(child) for child in prep.children)
    )[:1]


def is_medium(noun: Token) -> bool:
    """Whether the noun is something through which people speak: a statement, a page."""
    return noun.lemma_.lower() in WORDS.media or (
        noun.ent_type_ == "ORG"
        and noun.text in {"Facebook", "Twitter", "Instagram", "YouTube", "Telegram"}
    )


def is_document(noun: Token) -> bool:
    """Whether the noun is something that speaks for whoever made it: a medium, a poll, a study."""
    return is_medium(noun) or noun.lemma_.lower() in WORDS.documents or noun.lower_ == "data"


def when(cue: Token) -> Spans:
    """`on Saturday`, `earlier`, `last week`: in text order."""
    found = []
    for child in cue.children:
        if child.dep_ in {"npadvmod", "advmod"} and _TIMED.search(_text(child)):
            found.append(extent(child))
        elif child.dep_ == "prep" and child.lower_ in {"on", "in", "at", "during", "late", "early"}:
            found.extend(
                extent(child)
                for owner in child.children
                if owner.dep_ == "pobj" and _TIMED.search(owner.text) and not is_medium(owner)
            )
    return tuple(sorted(found))


def why_unnamed(text: str, sentence: Span, block: Span, source: Span) -> Spans:
    """The reason for anonymity of a source: `who spoke on condition of anonymity because …`.

    It stands in the source's sentence, or later in the paragraph where the source is taken up
    again: in the next sentence by a pronoun, or by its noun (`The official asked not to be named`).
    """
    noun = text[source.start : source.end].lower()
    for match in _WHY.finditer(text, max(sentence.start, source.start), block.end):
        begins = max(text.rfind(". ", block.start, match.start()) + 2, block.start)
        opening = text[max(begins, sentence.end) : match.start()].strip().lower().split()
        if (
            match.start() < sentence.end
            or (opening[:1] and opening[0] in _AGAIN and begins <= sentence.end + 1)
            or noun in opening[:3]
        ):
            stop = _END.search(text, match.end(), block.end)
            return (Span(match.start(), stop.start() if stop else block.end),)
    return ()


def is_anonymity(text: str, statement: Statement) -> bool:
    """Whether cue and content only say that somebody asked for, or was promised, no name."""
    if not statement.cue or len(statement.content) != 1:
        return False
    words = text[statement.cue[0].start : statement.content[0].end]
    match = _WHY.match(words)
    if match is None:
        return False
    stop = _END.search(words, match.end())
    return stop is None


def _prepositions(cue: Token) -> Iterator[Token]:
    for child in cue.children:
        if child.dep_ in {"prep", "agent"} and child.lower_ in WORDS.through:
            yield child


def extent(head: Token) -> Span:
    """The words that belong to a word, up to a comma or a relative clause; a title whole."""
    first, last = head.left_edge.i, head.right_edge.i
    doc = head.doc
    for token in doc[head.i : last + 1]:
        cut = token.is_punct and token.text in {",", ";", "—", "–", ":", "”", '"'}
        clause = token.dep_ in {"relcl", "acl", "ccomp", "advcl"} and token.left_edge.i > head.i
        if cut or clause:
            last = (token.i if cut else token.left_edge.i) - 1
            break
    last = _with_title(doc, first, max(last, head.i))
    return Span(doc[first].idx, doc[last].idx + len(doc[last]))


def _with_title(doc: Doc, first: int, last: int) -> int:
    """The last of some tokens, or the mark that ends a title of which they hold the beginning."""
    words = [token.text for token in doc[first : last + 1]]
    opened = max((at for at, word in enumerate(words) if word in _TITLE_BEGINS), default=-1)
    if opened < 0 or _TITLE_ENDS & set(words[opened + 1 :]):
        return last
    for at in range(last + 1, min(last + 3, len(doc))):
        if doc[at].text in _TITLE_ENDS:
            return at
        if doc[at].text != ",":
            break
    return last


def _text(head: Token) -> str:
    doc = head.doc
    return str(doc[head.left_edge.i : head.right_edge.i + 1].text)
