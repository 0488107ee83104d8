"""Whose verb a word is."""

from __future__ import annotations

from builder.nlp.tree import Tree

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})


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
