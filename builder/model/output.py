"""What is written, and what was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from msgspec import Struct


class Page(Struct, frozen=True):
    """A page to be rendered from a template, if its context changed."""

    path: str
    """Under the output folder: `2026/port-strike/index.html`."""
    template: str
    context: Struct
    """A frozen view record: its encoding is the page's fingerprint."""


class File(Struct, frozen=True):
    """A file whose bytes are known."""

    path: str
    data: bytes


class Copy(Struct, frozen=True):
    """A file to be copied as it is."""

    path: str
    source: str
    """Relative to the site's folder, or of a file in the cache the whole path."""
    digest: str


class Kept(Struct, frozen=True):
    """An output that need not be made if what it would be made of lies there already."""

    path: str
    digest: str
    """Of what it is made of; see `output.manifest.told`."""
    make: Callable[[], Page | File | Copy | Kept]


Output = Page | File | Copy | Kept


class Standing(Struct, frozen=True):
    """Many outputs that are made of what they were made of the last time."""

    digests: Mapping[str, str]
    """Of each, by its path; see `Kept`."""
    make: Callable[[str], Output]
    """Makes one of them, by its path, all the same."""


Emitted = Output | Standing


def singly(outputs: Iterable[Emitted]) -> Iterator[Output]:
    """The same outputs, one by one."""
    for output in outputs:
        if isinstance(output, Standing):
            for path, digest in output.digests.items():
                yield Kept(path, digest, partial(output.make, path))
        else:
            yield output


class Written(Struct, frozen=True, kw_only=True):
    """What a build did to the output folder."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    remembered: str = ""
    """Hash of what is now known of the output folder; empty if it could not be remembered."""
