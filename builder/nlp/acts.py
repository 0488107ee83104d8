"""What is done with words: said, or thought, or felt about something, or not said by anybody."""

from __future__ import annotations

import functools
from collections.abc import Collection

from builder.model import Act
from builder.nlp.cues import subject
from builder.nlp.lexicon import words
from builder.nlp.tree import Tree

_NOBODY = frozenset({"nobody", "none", "neither", "no", "no-one"})
_NOTHING = frozenset({"nothing", "more", "else", "further", "it", "so", "that", "this"})
_IN_NOUN = frozenset({"relcl", "acl", "amod", "compound", "aux", "auxpass"})
"""Verbs that are part of a noun phrase: `the ban that was lifted`."""
_FAR = 12
"""Tokens within which a cue must come to what it denies."""
_SHALL = frozenset({"must", "should", "shall", "ought"})
_SUPPOSED = frozenset({"if", "unless"})


def act_of(tree: Tree, cue: int, source: Collection[int], content: Collection[int]) -> Act:
    """Return what a statement does.

    Words in quotation marks were said, whatever the verb. `Condemned the ban` tells how somebody
    stands to a thing, and a reader who is shown `the ban` alone takes it for what they want: where
    no clause follows such a verb, it is no speech.
    """
    if _is_unsaid(tree, cue, source):
        return "unsaid"
    if any(tree.quote[at] >= 0 for at in content):
        return "speech"
    if _is_silence(tree, content):
        return "unsaid"
    lemma = tree.lemma[cue]
    if lemma == "agree" and content and tree.words[min(content)] == "that":
        return "speech"
    stands = lemma in _listed("stance") and not any(_is_clause(tree, at, content) for at in content)
    return "attitude" if stands or lemma in _listed("attitude") else "speech"


def _is_clause(tree: Tree, at: int, content: Collection[int]) -> bool:
    """Whether a verb, and none of those above it in the content, is more than part of a noun."""
    if tree.pos[at] not in {"VERB", "AUX"}:
        return False
    while tree.dep[at] not in _IN_NOUN:
        if tree.head[at] == at or tree.head[at] not in content:
            return True
        at = tree.head[at]
    return False


def denial(tree: Tree, cue: int, content: Collection[int]) -> range:
    """Return the tokens from a cue that denies to what it denies: `denied reports that …`.

    It is empty where nothing is denied, where quotation marks say that the words were said, and
    where the words stand before the cue.
    """
    first = min(content, default=cue)
    between = range(cue, first)
    if (
        tree.lemma[cue] not in _listed("denial")
        or not 0 < len(between) <= _FAR
        or tree.sentence[cue] != tree.sentence[first]
        or tree.quote[first] >= 0
    ):
        return range(cue, cue)
    return between


@functools.cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(words()[name])


def _is_unsaid(tree: Tree, cue: int, source: Collection[int]) -> bool:
    """Whether a cue, with who would be its source, says that something was not said.

    That is a cue that is negated, only supposed or asked after, or whose source is nobody. What it
    announces is no statement of anybody, however sure it is that the words belong together.
    """
    first = min(source, default=-1)
    return (
        (first >= 0 and tree.words[first] in _NOBODY)
        or any(_against(tree, child) for child in tree.children[cue])
        or _would_have(tree, cue)
        or _asked(tree, cue)
    )


def _is_silence(tree: Tree, content: Collection[int]) -> bool:
    """`said nothing more`, `said she would not comment`; `denied it`, whose words are elsewhere."""
    words = [at for at in content if tree.spoken(at)]
    return all(tree.words[at] in _NOTHING for at in words) or any(
        tree.lemma[at] == "comment" and any(tree.dep[each] == "neg" for each in tree.children[at])
        for at in words
    )


def _against(tree: Tree, child: int) -> bool:
    """A child of a cue that takes it back: `not`, `never`, `made no claim`, `if`."""
    dep, word = tree.dep[child], tree.words[child]
    if dep in {"dobj", "attr"}:
        return any(tree.dep[at] == "det" and tree.words[at] == "no" for at in tree.children[child])
    return dep == "neg" or (dep, word) == ("det", "no") or (dep == "mark" and word in _SUPPOSED)


def _would_have(tree: Tree, cue: int) -> bool:
    """`would have said`, `must say`; but officials who `would say only` something said it."""
    helping = [child for child in tree.children[cue] if tree.dep[child] in {"aux", "auxpass"}]
    if any(tree.words[each] in _SHALL for each in helping):
        return True
    modal = any(tree.tag[each] == "MD" for each in helping)
    return modal and any(tree.lemma[each] == "have" for each in helping)


def _asked(tree: Tree, cue: int) -> bool:
    """`Did she say that …?`: the verb that helps stands before the subject, outside quotations."""
    last = tree.sentences[tree.sentence[cue]][1] - 1
    while last > cue and tree.pos[last] == "SPACE":
        last -= 1
    if tree.words[last] != "?" or tree.quote[last] >= 0 or tree.quote[cue] >= 0:
        return False
    who, _ = subject(tree, cue)
    return any(tree.dep[child] == "aux" and child < who for child in tree.children[cue])
