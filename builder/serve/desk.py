"""Review over HTTP: questions and answers as JSON, for our own pages only."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

import msgspec
from tornado.web import HTTPError, RequestHandler

from builder.serve.foreman import Foreman
from builder.serve.site import OWN, WithToken

QUESTIONS = ("findings", "unreviewed")
"""What only reads."""
ANSWERS = ("answer", "undo", "restore")
"""What changes a file of corrections."""


def handlers(foreman: Foreman) -> list[tuple[str, type[RequestHandler]]]:
    """The handlers of review; what they are asked the building process answers."""

    class Desk(WithToken):
        """One question or answer."""

        async def get(self, name: str) -> None:
            """Something that is found in an article, or on the whole site."""
            page = self.preview.file_of(self.get_query_argument("page", self.preview.base))
            await self._hand_on(name, QUESTIONS, {"page": page})

        async def post(self, name: str) -> None:
            """An editor's answer, or that it is taken back."""
            try:
                asked = json.loads(self.request.body)
            except (ValueError, RecursionError):
                raise HTTPError(HTTPStatus.BAD_REQUEST) from None
            if not isinstance(asked, dict):
                raise HTTPError(HTTPStatus.BAD_REQUEST)
            asked["page"] = self.preview.file_of(str(asked.get("page", "")))
            await self._hand_on(name, ANSWERS, asked)

        async def _hand_on(self, name: str, known: tuple[str, ...], asked: dict[str, Any]) -> None:
            if name not in known:
                raise HTTPError(HTTPStatus.NOT_FOUND)
            loop = asyncio.get_running_loop()
            is_well, found = await loop.run_in_executor(None, foreman.ask, name, asked)
            if not is_well:
                self.set_status(HTTPStatus.CONFLICT)
                found = {"error": found}
            self.set_header("Content-Type", "application/json; charset=utf-8")
            self.finish(msgspec.json.encode(found))

    return [(rf"{OWN}review/([a-z]+)", Desk)]
