"""The server: pages as they will be published, with what a preview adds, and messages to them."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

import msgspec
from livereload.handlers import LiveReloadHandler
from tornado.web import Application, HTTPError, RequestHandler, StaticFileHandler

from builder import routes
from builder.errors import Problem
from builder.serve.door import HEADER, Door
from builder.serve.news import Done, Fresh, News

OWN = "/__postil/"
"""Where what belongs to the preview lies; a site's own file at such a path is not seen there."""
ASSETS = Path(__file__).with_name("assets")
MISSING = "404.html"
_HEAD_END = re.compile(rb"</head\s*>", re.IGNORECASE)
_EMPTY = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Preview</title></head>
<body><p>Nothing is built yet.</p></body></html>
"""


class Preview:
    """What the server knows of the site: where it lies, and what the browsers are to be told."""

    def __init__(self, folder: Path, door: Door, base: str) -> None:
        """`folder` holds the pages, `base` is the path of the site's address."""
        self.folder, self.door, self.base = folder, door, base
        self.news = News()
        head = "".join(
            f'<link rel="stylesheet" href="{OWN}{name}.css">'
            f'<script src="{OWN}{name}.js" data-token="{door.token}" defer></script>'
            for name in ("preview", "review")
        )
        self._head = head.encode()

    def pages(self) -> frozenset[str]:
        """The pages that are looked at, as paths of files."""
        return frozenset(self.file_of(each.page) for each in _listeners())

    def file_of(self, path: str) -> str:
        """The file that is served at a path of this server; empty if it is not of the site."""
        if not path.startswith(self.base):
            return ""
        inner = path.removeprefix(self.base)
        return routes.file_of(inner) if inner.endswith("/") or not inner else inner

    def dressed(self, page: bytes) -> bytes:
        """A page with what the preview adds to its head."""
        if found := _HEAD_END.search(page):
            return page[: found.start()] + self._head + page[found.start() :]
        return self._head + page

    def take(self, event: Fresh | Done) -> None:
        """Tell the browsers what a build came to."""
        news = event.news
        if news.base is None or (isinstance(event, Done) and news.is_stopped):
            # What is shown is what was built before.
            news = msgspec.structs.replace(
                news, base=self.base, drafts=self.news.drafts, held_back=self.news.held_back
            )
        self.base, self.news = news.base or "/", news
        is_css = bool(event.changes) and all(path.endswith(".css") for path in event.changes)
        for listener in _listeners():
            listener.send_message(self.state())
            page = self.file_of(listener.page)
            if isinstance(event, Fresh):
                is_due, listener.is_waiting = page in event.made, page not in event.made
            elif news.is_stopped:
                is_due = False
            else:
                is_due = page in event.changed or bool(event.changes) or listener.is_waiting
                listener.is_waiting = False
            if is_due:
                listener.send_message(
                    {"command": "reload", "path": "*.css" if is_css else "*", "liveCSS": is_css}
                )

    def state(self) -> dict[str, Any]:
        """What the pages show of the state of things."""
        return {
            "command": "postil",
            "problems": [_told(p) for p in self.news.problems if p.level != "hint"],
            "stopped": self.news.is_stopped,
            "empty": self.news.is_empty,
            "drafts": [self.base + path for path in self.news.drafts],
            "base": self.base,
        }


def application(preview: Preview, handlers: list[tuple[str, type[RequestHandler]]]) -> Application:
    """The web application; `handlers` come before the pages."""
    return Application(
        [
            ("/livereload", Listener),
            (rf"{OWN}((?:preview|review)\.(?:js|css))", Own, {"path": str(ASSETS)}),
            *handlers,
            (r"/(.*)", Pages, {"path": str(preview.folder), "default_filename": "index.html"}),
        ],
        preview=preview,
        log_function=lambda _: None,
    )


class Guarded(RequestHandler):
    """Answers only to whom the door admits."""

    @property
    def preview(self) -> Preview:
        """What is known of the site."""
        return cast("Preview", self.application.settings["preview"])

    def prepare(self) -> None:
        """Turn others away."""
        if not self.preview.door.admits(self.request.method, self.request.headers):
            raise HTTPError(HTTPStatus.FORBIDDEN)

    def set_default_headers(self) -> None:
        """Nothing is kept by the browser, nothing shown in pages of others."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Content-Security-Policy", "frame-ancestors 'self'")
        self.clear_header("Server")

    def write_error(self, status_code: int, **_: Any) -> None:
        """One line."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code} {HTTPStatus(status_code).phrase}\n")


class WithToken(Guarded):
    """Answers only to our own pages."""

    def prepare(self) -> None:
        """Turn others away."""
        super().prepare()
        given = self.request.headers.get(HEADER) or self.get_query_argument("token", "")
        if not self.preview.door.knows(given):
            raise HTTPError(HTTPStatus.FORBIDDEN)


class Listener(WithToken, LiveReloadHandler):  # type: ignore[misc]
    """A page that waits for messages, in livereload's protocol."""

    page = ""
    is_waiting = False

    def check_origin(self, origin: str) -> bool:
        """The door has looked at the origin; that there is one shows a browser."""
        return origin == f"http://{self.request.headers.get('Host', '')}"

    def on_message(self, message: str | bytes) -> None:
        """Take the greeting, and which page this is."""
        try:
            data = json.loads(message)
        except ValueError:
            return
        if not isinstance(data, dict) or data.get("command") not in {"hello", "info"}:
            return
        if data["command"] == "info":
            self.page = str(data.get("path", ""))
            data["url"] = self.page
            self.send_message(self.preview.state())
        super().on_message(json.dumps({"url": "", **data}))


class Own(Guarded, StaticFileHandler):
    """Script and style of the preview."""

    def should_return_304(self) -> bool:
        """Never: what is served is as small as the answer."""
        return False


class Pages(Guarded, StaticFileHandler):
    """The site."""

    async def get(self, _: str, include_body: bool = True) -> None:
        """A page, a file, or the site's own page for what is not there."""
        full = self.request.path
        base = self.preview.base
        if full == "/" and base != "/":
            self.redirect(base)
            return
        if not full.startswith(base):
            if f"{full}/" == base:
                self.redirect(base)
                return
            raise HTTPError(HTTPStatus.NOT_FOUND)
        inner = unquote(full[len(base) :])
        if "\0" in inner:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        if not inner and not (self.preview.folder / "index.html").is_file():
            self._show(_EMPTY)
            return
        if not inner or inner.endswith((".html", "/")):
            name = routes.file_of(inner) if not inner.endswith(".html") else inner
            self.path = self.parse_url_path(name)
            file = self.validate_absolute_path(
                self.root, self.get_absolute_path(self.root, self.path)
            )
            if file is None:
                return
            self._show(_bytes(file))
            return
        await super().get(inner, include_body)

    def should_return_304(self) -> bool:
        """Never: pages change."""
        return False

    def compute_etag(self) -> None:
        """None: nothing is kept."""
        return

    def _show(self, page: bytes) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.preview.dressed(page))

    def write_error(self, status_code: int, **given: Any) -> None:
        """The site's own page, if something is not there."""
        missing = self.preview.folder / MISSING
        if status_code == HTTPStatus.NOT_FOUND:
            self._show(missing.read_bytes() if missing.is_file() else _EMPTY)
        else:
            super().write_error(status_code, **given)


def _bytes(file: str) -> bytes:
    return Path(file).read_bytes()


def _listeners() -> list[Listener]:
    return [each for each in LiveReloadHandler.waiters if isinstance(each, Listener)]


def _told(problem: Problem) -> dict[str, str]:
    return {
        "place": str(problem.place),
        "level": problem.level,
        "message": problem.message,
        "code": problem.code,
        "hint": problem.hint,
    }
