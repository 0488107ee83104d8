"""Words as the decisions see them, and whose verb a word is."""

from __future__ import annotations

from builder.nlp.tree import Tree

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})


def word(tree: Tree, at: int) -> str:
    """Return a token's lemma, or its kind where it names somebody or something."""
    if tree.entity[at]:
        return f"<{tree.entity[at]}>"
    if tree.pos[at] in {"PROPN", "NUM", "X", "SYM", "SPACE"}:
        return f"<{tree.pos[at]}>"
    if _like_a_name(tree, at):
        return "<PROPN>"
    return tree.lemma[at]


def subject(tree: Tree, at: int) -> tuple[int, str]:
    """Return the subject of a word and how it was found; (-1, "none") if there is none."""
    steps = ""
    for _ in range(4):
        for child in tree.children[at]:
            if tree.dep[child] in _SUBJECTS:
                return child, steps + tree.dep[child]
        dep, above = tree.dep[at], tree.head[at]
        if dep in {"relcl", "acl"}:
            return above, steps + dep
        if above == at or dep not in {"conj", "xcomp", "advcl", "aux", "acomp", "prep", "pcomp"}:
            break
        steps += dep + "^"
        at = above
    return -1, "none"


def _like_a_name(tree: Tree, at: int) -> bool:
    """Whether a noun or adjective has a capital inside its sentence: no name may be learnt."""
    if tree.pos[at] == "PRON":
        return False
    if tree.lemma[at][:1].isupper():
        return True
    inside = at > tree.sentences[tree.sentence[at]][0]
    return inside and tree.pos[at] in {"NOUN", "ADJ", "INTJ"} and tree.capital(at)
