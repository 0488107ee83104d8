"""What RFC 4287 asks of a feed document, element by element."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter

ATOM = "{http://www.w3.org/2005/Atom}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
"""RFC 3339 (section 3.3 of RFC 4287)."""
ONCE = {
    "feed": {"id", "title", "updated"},
    "entry": {"id", "title", "updated"},
}
AT_MOST_ONCE = {
    "feed": {"generator", "icon", "logo", "rights", "subtitle"},
    "entry": {"content", "published", "rights", "source", "summary"},
}
OFTEN = {
    "feed": {"author", "category", "contributor", "link", "entry"},
    "entry": {"author", "category", "contributor", "link"},
}


def faults(data: str) -> list[str]:
    """Everything that is wrong with a feed document."""
    root = ET.fromstring(data)
    found = [] if root.tag == f"{ATOM}feed" else [f"the root is {root.tag}"]
    found += _container(root, "feed")
    for entry in root.findall(f"{ATOM}entry"):
        found += _container(entry, "entry")
        # 4.1.2: an author of its own, or the feed's.
        if entry.find(f"{ATOM}author") is None and root.find(f"{ATOM}author") is None:
            found.append("an entry without an author")
        content, alternate = entry.find(f"{ATOM}content"), _links(entry, "alternate")
        if content is None and not alternate:
            found.append("an entry with neither content nor a link to it")
    ids = [each.text for each in root.iter(f"{ATOM}id")]
    found += [f"two with the id {name}" for name, often in Counter(ids).items() if often > 1]
    # 4.1.1: SHOULD have one to itself.
    if len(_links(root, "self")) != 1:
        found.append("no link to itself")
    return found


def _container(element: ET.Element, name: str) -> list[str]:
    often = Counter(child.tag.removeprefix(ATOM) for child in element)
    found = [f"{name}: not one {each}" for each in ONCE[name] if often[each] != 1]
    found += [f"{name}: several {each}" for each in AT_MOST_ONCE[name] if often[each] > 1]
    known = ONCE[name] | AT_MOST_ONCE[name] | OFTEN[name]
    found += [f"{name}: no such element: {each}" for each in often if each not in known]
    for child in element:
        kind = child.tag.removeprefix(ATOM)
        if kind in {"updated", "published"} and not TIME.fullmatch(child.text or ""):
            found.append(f"{kind} is {child.text}")
        if kind == "id" and not re.match(r"[a-z][a-z0-9+.-]*:", child.text or ""):
            found.append(f"the id {child.text} is no IRI")
        if kind == "author" and not child.findtext(f"{ATOM}name"):
            found.append("an author without a name")
        if kind == "category" and not child.get("term"):
            found.append("a category without a term")
        if kind == "link" and not re.match(r"https?:", child.get("href", "")):
            found.append(f"a link to {child.get('href')}")
    # 4.1.1: no two alternates of one type and language.
    types = Counter(
        (each.get("type"), each.get("hreflang")) for each in _links(element, "alternate")
    )
    return found + [f"{name}: two alternates" for often in types.values() if often > 1]


def _links(element: ET.Element, rel: str) -> list[ET.Element]:
    links = element.findall(f"{ATOM}link")
    return [each for each in links if each.get("rel", "alternate") == rel]
