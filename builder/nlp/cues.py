"""Which words may be cues, and what speaks for it: the features of the first trained decision."""

from __future__ import annotations

from collections.abc import Collection

from builder.nlp.tree import Tree

_FUNCTION = frozenset(
    {"aux", "auxpass", "neg", "mark", "prt", "prep", "advmod", "expl", "agent", "dative"}
)
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
_CLAUSAL = frozenset({"ccomp", "xcomp", "advcl", "acl", "relcl", "conj", "parataxis", "pcomp"})
_COUNTED = ("ccomp", "xcomp", "dobj", "parataxis", "acl", "advcl", "oprd", "acomp", "attr", "pobj")


def candidates(tree: Tree, lemmas: Collection[str]) -> list[int]:
    """Return the tokens that may be the head of a cue.

    Every verb may, and of the other words those whose lemma training has seen as one.
    """
    return [
        at
        for at, pos in enumerate(tree.pos)
        if (pos == "VERB" or tree.lemma[at] in lemmas)
        and tree.dep[at] not in {"aux", "auxpass"}
        and not (tree.quote[at] >= 0 and _deep_in_quote(tree, at))
    ]


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


def features(tree: Tree, at: int) -> list[str]:
    """Return what may tell whether a token is the head of a cue."""
    lemma, tag, dep, pos = word(tree, at), tree.tag[at], tree.dep[at], tree.pos[at]
    above = tree.head[at]
    who, how = subject(tree, at)
    who_word = word(tree, who) if who >= 0 else "none"
    who_kind = _kind(tree, who)
    kids = tree.children[at]
    found = [
        "bias",
        "l=" + lemma,
        f"l={lemma} {tag}",
        "t=" + tag,
        "d=" + dep,
        f"l={lemma} d={dep}",
        f"d={dep} a={tree.pos[above]}",
        "a=" + (word(tree, above) if above != at else "root"),
        f"d={dep} a={word(tree, above)}",
        "s=" + how,
        "sw=" + who_word,
        "sk=" + who_kind,
        f"l={lemma} sk={who_kind}",
        f"{how} {who_kind} {pos}",
    ]
    counts = dict.fromkeys(_COUNTED, 0)
    for child in kids:
        kind = tree.dep[child]
        side = "<" if child < at else ">"
        if kind in counts:
            counts[kind] += 1
            found.append(f"c={kind}{side}{tree.tag[child]}")
            if kind == "dobj":
                found.append("o=" + word(tree, child))
                found.append(f"l={lemma} ok={_kind(tree, child)}")
            if kind in {"ccomp", "xcomp", "advcl", "acl"}:
                found.append(f"l={lemma} c={kind}{side}")
                for below in tree.children[child]:
                    if tree.dep[below] in {"mark", "aux", "nsubj"} and tree.pos[below] != "PROPN":
                        found.append(f"c={kind} {tree.dep[below]}={word(tree, below)}")
                    elif tree.dep[below] in _SUBJECTS:
                        found.append(f"c={kind} subject")
        elif kind in _FUNCTION:
            found.append(f"f={kind} {word(tree, child)}")
            found.append(f"l={lemma} f={kind}")
        elif kind != "punct":
            found.append(f"c={kind}{side}")
    pattern = "+".join(kind for kind in _COUNTED if counts[kind]) or "bare"
    found += [f"p={pattern}", f"l={lemma} p={pattern}", f"p={pattern} sk={who_kind} {pos}"]
    found += _around(tree, at, lemma)
    found += _above(tree, at)
    return found


def _around(tree: Tree, at: int, lemma: str) -> list[str]:
    """Neighbouring words and marks."""
    first, end = tree.sentences[tree.sentence[at]]
    found = []
    for step in (-2, -1, 1, 2):
        near = at + step
        near_word = word(tree, near) if first <= near < end else "edge"
        found.append(f"n{step}={near_word}")
    quoted = [number for number in (tree.quote[near] for near in range(first, end)) if number >= 0]
    after = any(tree.quote[near] >= 0 for near in range(at + 1, min(at + 4, end)))
    before = any(tree.quote[near] >= 0 for near in range(max(first, at - 4), at))
    near_quote = f"q{int(bool(quoted))}{int(before)}{int(after)}"
    if tree.quote[at] >= 0:
        near_quote = "qin" if tree.quotes[tree.quote[at]].closed else "qopen"
    found += [near_quote, f"l={lemma} {near_quote}"]
    length = end - first
    place = "first" if at - first < 3 else "last" if end - at < 4 else "mid"
    found += [
        f"place={place} {tree.dep[at]}",
        f"len={min(length // 8, 6)}",
        f"block={tree.blocks[tree.block[at]].kind if tree.block[at] >= 0 else 'none'}",
        f"stop={tree.words[end - 1] if tree.pos[end - 1] == 'PUNCT' else 'no'}",
    ]
    return found


def _above(tree: Tree, at: int) -> list[str]:
    """The nearest clause that holds this one."""
    dep, above = tree.dep[at], tree.head[at]
    path = dep
    for _ in range(4):
        if above == at or tree.pos[above] in {"VERB", "AUX"}:
            break
        path += "^" + tree.dep[above]
        at, above = above, tree.head[above]
    if above == at:
        return ["up=root"]
    return [f"up={path}", f"up={word(tree, above)}", f"up={word(tree, above)} {tree.dep[at]}"]


def _like_a_name(tree: Tree, at: int) -> bool:
    """Whether a noun or adjective has a capital inside its sentence: no name may be learnt."""
    if tree.pos[at] == "PRON":
        return False
    if tree.lemma[at][:1].isupper():
        return True
    inside = at > tree.sentences[tree.sentence[at]][0]
    return inside and tree.pos[at] in {"NOUN", "ADJ", "INTJ"} and tree.capital(at)


def _kind(tree: Tree, at: int) -> str:
    if at < 0:
        return "none"
    if tree.entity[at]:
        return tree.entity[at]
    if tree.pos[at] == "PRON":
        return tree.words[at]
    return tree.pos[at]


def _deep_in_quote(tree: Tree, at: int) -> bool:
    """Whether the quotation goes on for long around the token: more than words picked out."""
    quote = tree.quotes[tree.quote[at]]
    return quote.closed and quote.outer.end - quote.outer.start > 60
