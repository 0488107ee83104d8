"""The Jinja environment: the site's templates over the default theme, errors at their line."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from traceback import extract_tb

import jinja2
from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from builder import keeping
from builder.errors import Place, Problem, ProblemError
from builder.model import Page
from builder.render.catalogue import Catalogue, Words, theme
from builder.render.downmark import as_markdown, words
from builder.render.plaintext import as_text, wrapped
from builder.render.views import LinkView
from builder.render.wording import printable
from builder.schema import near

FOLDER = "templates"
"""Under the cache: what Jinja made of templates."""


class _Compiled(BytecodeCache):
    """Templates as they were compiled last, in this process or, if there is a folder, before."""

    def __init__(self, folder: Path | None) -> None:
        self._on_disk = _Kept(folder) if folder else None

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled of that file, unless it has changed since."""
        checksum, code = _KNOWN.get(bucket.key, ("", b""))
        if code and checksum == bucket.checksum:
            bucket.bytecode_from_string(code)
        elif self._on_disk:
            self._on_disk.load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Remember what was compiled."""
        _KNOWN[bucket.key] = (bucket.checksum, bucket.bytecode_to_string())
        if self._on_disk:
            self._on_disk.dump_bytecode(bucket)


_KNOWN: dict[str, tuple[str, bytes]] = {}
"""By Jinja's keys the checksum of a template's words, and what was compiled of them."""


class _Kept:
    """Compiled templates in a folder, those of this Jinja and of the settings in this file."""

    def __init__(self, folder: Path) -> None:
        own = Path(__file__).stat()
        mark = f"{sys.version} {jinja2.__version__} {own.st_size} {own.st_mtime_ns}".encode()
        self._folder, self._begin = folder, blake2b(mark, digest_size=6).hexdigest()
        with suppress(OSError):
            for file in folder.iterdir():
                if not file.name.startswith(self._begin):
                    file.unlink(missing_ok=True)

    def load_bytecode(self, bucket: Bucket) -> None:
        """What lies there; nothing if it is not as it was left."""
        with suppress(OSError, ValueError):
            bucket.bytecode_from_string(keeping.unsealed(self._file(bucket).read_bytes()))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Put it there; if that cannot be, it is compiled again the next time."""
        with suppress(OSError):
            keeping.keep(self._file(bucket), keeping.seal(bucket.bytecode_to_string()))

    def _file(self, bucket: Bucket) -> Path:
        return self._folder / f"{self._begin}-{bucket.key}"


_WRONG = (
    TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RuntimeError,
)
"""What a wrong template may raise, by itself or in what it calls."""


class _Files(FileSystemLoader):
    """Templates in a folder; one that cannot be read is wrong at its line, as any other."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            file = str(Path(self.searchpath[0], template))
            raise TemplateSyntaxError("this is not UTF-8", line, template, file) from error


class Templates:
    """The templates of one site; each may be the site's own, the rest are the default theme's.

    A template of the site may build on the one it shadows: `{% extends "theme/article.html" %}`.
    """

    def __init__(self, root: Path, cache: Path | None = None) -> None:
        """Set up.

        Args:
            root: The site's folder; its `templates/` need not exist.
            cache: Where what is compiled may be kept, in a folder of its own.
        """
        self._root = root
        own, default = root / "templates", theme()
        files = _Files(str(default))
        self._environment = Environment(
            loader=ChoiceLoader(
                [_Files(str(own)), files, PrefixLoader({"theme": files})],
            ),
            autoescape=True,
            bytecode_cache=_Compiled(cache and cache / FOLDER),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            finalize=_printable,
        )
        self._environment.filters["attributes"] = attributes
        self._environment.filters["markdown"] = as_markdown
        self._environment.filters["words"] = words
        self._environment.filters["plaintext"] = as_text
        self._environment.filters["wrapped"] = wrapped
        self._catalogue = Catalogue(root)
        self._spoken: dict[tuple[str, str], Environment] = {}
        self.digest = _digest(dict.fromkeys((default, own)))

    def render(self, page: Page) -> bytes:
        """One page as UTF-8.

        Raises:
            ProblemError: `template-error`, at the line of the template that is wrong.
        """
        names = page.context.__struct_fields__
        try:
            template = self._speaking(page).get_template(page.template)
            text = template.render({name: getattr(page.context, name) for name in names})
            return text.encode()
        except TemplateNotFound as error:
            name = str(error.name)
            raise self._problem(page, f"there is no template {name}", name, None) from error
        except TemplateSyntaxError as error:
            file = error.filename or error.name or page.template
            message = error.message or "syntax error"
            raise self._problem(page, message, file, error.lineno) from error
        except _WRONG as error:
            frames = [f for f in extract_tb(error.__traceback__) if self._is_template(f.filename)]
            if not frames and not isinstance(error, TemplateError):
                raise
            file, line = (
                (frames[-1].filename, frames[-1].lineno) if frames else (page.template, None)
            )
            is_endless = isinstance(error, RecursionError)
            message = "this template needs itself without end" if is_endless else str(error)
            raise self._problem(page, message, file, line) from error

    def _speaking(self, page: Page) -> Environment:
        """The templates in the languages of a page: its own words, and the words of its frame."""
        site = getattr(getattr(page.context, "frame", None), "language", "")
        own = getattr(page.context, "words", "") or site
        if (own, site) not in self._spoken:
            words = self._catalogue.words(own)
            spoken = self._environment.overlay()
            spoken.globals = {
                **self._environment.globals,
                "t": _speaker(words),
                "site_t": _speaker(self._catalogue.words(site)),
                "listed": _lister(words),
                "forms": words.forms,
            }
            self._spoken[own, site] = spoken
        return self._spoken[own, site]

    def _is_template(self, filename: str) -> bool:
        return any(Path(filename).is_relative_to(f) for f in (self._root / "templates", theme()))

    def _problem(self, page: Page, message: str, file: str, line: int | None) -> ProblemError:
        path = Path(file)
        for folder in (self._root / "templates", theme()):
            if path.is_relative_to(folder):
                path = path.relative_to(folder)
                break
        return ProblemError(
            Problem(
                place=Place(f"templates/{path.as_posix()}", line),
                code="template-error",
                message=message,
                hint=_hint(page, message),
            )
        )


def _hint(page: Page, message: str) -> str:
    """The name that was meant, or where to read what a page's template is told."""
    record = type(page.context)
    unknown = re.fullmatch(r"'(\w+)' is undefined", message)
    meant = near(unknown[1], record.__struct_fields__) if unknown else ""
    if meant.startswith("did"):
        return meant
    return f"what it may use stands in the documentation of themes, under {record.__name__}"


def attributes(pairs: Iterable[tuple[str, str]]) -> Markup:
    """Names and values as HTML attributes, each with a space before it."""
    return Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in pairs)


def _speaker(words: Words) -> Callable[..., Markup]:
    """What templates call `t`: a message as HTML; what is put in is escaped unless it is HTML."""

    def t(key: str, count: int | None = None, /, **values: object) -> Markup:
        if key not in words.messages:
            raise TemplateRuntimeError(f"there is no message {key}")
        text = escape(words.text(key, count))
        if count is not None:
            values["count"] = words.number(count)
        return text.format_map(values) if "{" in text else text

    return t


def _lister(words: Words) -> Callable[[Sequence[str | LinkView]], Markup]:
    """What templates call `listed`: names and links with commas and `and` between, as HTML."""

    def listed(names: Sequence[str | LinkView]) -> Markup:
        return Markup(words.listed([str(_item(name)) for name in names]))  # noqa: S704 - escaped

    return listed


def _item(name: str | LinkView) -> Markup:
    if not isinstance(name, LinkView):
        return escape(name)
    if not name.href:
        return escape(name.text)
    link = Markup('<a href="{}"{}>{}</a>')
    return link.format(name.href, attributes(name.attrs), name.text)


def _printable(value: object) -> object:
    return printable(value) if isinstance(value, str) else value


def _digest(folders: Iterable[Path]) -> str:
    digest = blake2b(digest_size=16)
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            for part in (path.relative_to(folder).as_posix().encode(), path.read_bytes()):
                digest.update(len(part).to_bytes(8, "big"))
                digest.update(part)
    return digest.hexdigest()
