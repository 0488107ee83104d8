"""What the language model finds in a text."""

from __future__ import annotations

from msgspec import Struct

from builder.model.spans import Act, BlockKind, Form, Kind, MentionForm, Span, Spans


class Run(Struct, frozen=True):
    """A stretch of clean text that came from one text token."""

    span: Span
    block: int
    """Index of the inline token among the article's tokens."""
    leaf: int
    """Index of the text token among the children of that one."""
    line: int
    """Of the file, from 1."""


class Block(Struct, frozen=True):
    """A paragraph, heading, list item, table cell …: what a reader sees as one piece."""

    span: Span
    kind: BlockKind = "paragraph"


class Prose(Struct, frozen=True):
    """The clean text that the language model reads, and where it came from."""

    text: str
    """Blocks are parted by a blank line."""
    blocks: tuple[Block, ...]
    """In text order; together they cover all of the text but what parts them."""
    runs: tuple[Run, ...] = ()
    """Empty for text that is no article."""


class Mention(Struct, frozen=True):
    """A stretch of text that refers to something."""

    span: Span
    kind: Kind
    form: MentionForm = "name"


class Statement(Struct, frozen=True, kw_only=True):
    """Something somebody said, and the words that say who."""

    content: Spans
    """What is said, with its `that` and its quotation marks; attribution words out (PolNeAR)."""
    cue: Spans = ()
    source: Spans = ()
    """The words in the text that stand for whoever says it, pronoun included."""
    form: Form
    act: Act = "speech"
    denied: Spans = ()
    """From the cue to the content where the source says that it is not so: `denied reports`."""
    named: bool = False
    """Whether the source is named: it carries a name, or refers to one that does."""
    unclear: bool = False
    """Whether the source takes up somebody who may be named, and whom it means is not sure."""
    chain: int | None = None
    """Index into `Analysis.chains` of the entity behind the source; None if not sure."""
    also: tuple[int, ...] = ()
    """The same of others who say it together with that one: `Ana Ruiz and the council said`."""
    why_unnamed: Spans = ()
    role: Spans = ()
    addressee: Spans = ()
    medium: Spans = ()
    when: Spans = ()
    rule: str = ""
    """Names the rule or decision that made it: `subject-of-cue`."""
    confidence: float = 1.0
    """0 to 1: how sure that content and source are right."""


class Chain(Struct, frozen=True):
    """Mentions of one entity within an article."""

    mentions: tuple[int, ...]
    """Indexes into `Analysis.mentions`; the fullest name first, then in text order."""
    kind: Kind
    name: str
    """The fullest name, cleaned for readers (`Raqqa's Civil Council` where the text lost the
    apostrophe)."""
    descriptions: Spans = ()
    """What the text calls it: appositions and titles (`a member of the council`)."""


class Analysis(Struct, frozen=True):
    """What the language pipeline found in one text."""

    mentions: tuple[Mention, ...] = ()
    """In text order; names do not overlap each other."""
    statements: tuple[Statement, ...] = ()
    """In text order."""
    chains: tuple[Chain, ...] = ()
    """Every name mention is in exactly one chain."""
    unmarked: bool = False
    """Whether the text seems to have lost its quotation marks and apostrophes."""
    repairs: tuple[tuple[Span, str], ...] = ()
    """Certain repairs for `[text] repair`: these characters should read so (`" s"` → `"’s"`)."""
