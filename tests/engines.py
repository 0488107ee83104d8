"""Firefox and WebKit, moved with pointer and keys as a reader moves them.

Playwright drives neither as Debian packages them: Firefox is spoken to over WebDriver BiDi, WebKitGTK
over WebDriver. Both take the same lists of actions.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import warnings
from abc import ABC, abstractmethod
from pathlib import Path

import websocket
from selenium import webdriver
from selenium.webdriver.remote.command import Command

SIZE = (1100, 800)
"""Of the window, in CSS pixels; the page has a little less."""
TAB, ESCAPE, ENTER = "\ue004", "\ue00c", "\ue007"
PATIENCE = 30
"""Seconds until a browser that does not answer is given up."""


class Engine(ABC):
    """A browser with one page."""

    @abstractmethod
    def go(self, address: str) -> None:
        """Open a page and wait until it is there."""

    @abstractmethod
    def ask(self, script: str) -> object:
        """The value of a script's last expression, as JSON has it."""

    @abstractmethod
    def act(self, device: str, kind: str, *actions: dict[str, object]) -> None:
        """Move a device of a kind, `pointer` or `key`; as WebDriver's actions have it."""

    @abstractmethod
    def close(self) -> None:
        """End the browser."""

    def point(self, query: str) -> None:
        """Move the pointer to the middle of an element, which is scrolled into sight first."""
        x, y = self.ask(f"""(() => {{
          const one = document.querySelector({json.dumps(query)})
          if (!one.closest(":popover-open")) one.scrollIntoView({{ block: "center" }})
          const box = one.getClientRects()[0]
          return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)]
        }})()""")
        self.move(x, y)

    def move(self, x: int, y: int) -> None:
        """Move the pointer to a place in the window."""
        move = {"type": "pointerMove", "x": x, "y": y, "duration": 60, "origin": "viewport"}
        self.act("mouse", "pointer", move)

    def click(self, query: str) -> None:
        """Move the pointer to an element and press its button."""
        self.point(query)
        press = {"type": "pointerDown", "button": 0}
        self.act("mouse", "pointer", press, {"type": "pointerUp", "button": 0})

    def press(self, key: str) -> None:
        """Press a key and let it go."""
        self.act("keys", "key", {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key})


class Firefox(Engine):
    """Firefox without a window, over WebDriver BiDi: it needs no geckodriver."""

    def __init__(self, path: str) -> None:
        self._profile = tempfile.TemporaryDirectory()
        self._log = Path(self._profile.name, "log")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    path,
                    "--headless",
                    "--remote-debugging-port",
                    "0",
                    "--profile",
                    self._profile.name,
                ],
                stdout=log,
                stderr=log,
                env={
                    **os.environ,
                    "MOZ_HEADLESS_WIDTH": str(SIZE[0]),
                    "MOZ_HEADLESS_HEIGHT": str(SIZE[1]),
                },
            )
        self._number = 0
        self._socket = websocket.create_connection(
            f"{self._listening()}/session", timeout=PATIENCE, suppress_origin=True
        )
        self._send("session.new", {"capabilities": {}})
        # In the tab that is there at first the focus is not the page's.
        self._page = self._send("browsingContext.create", {"type": "tab"})["context"]
        viewport = {"width": SIZE[0], "height": SIZE[1]}
        self._send("browsingContext.setViewport", {"context": self._page, "viewport": viewport})

    def _listening(self) -> str:
        for _ in range(10 * PATIENCE):
            if said := re.search(
                r"BiDi listening on (\S+)", self._log.read_text("utf-8", "ignore")
            ):
                return said[1]
            try:
                self._process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        self._process.kill()
        raise RuntimeError(self._log.read_text("utf-8", "ignore"))

    def _send(self, method: str, params: dict[str, object]) -> dict[str, object]:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while (answer := json.loads(self._socket.recv())).get("id") != self._number:
            pass
        if answer["type"] == "error":
            raise RuntimeError(f"{answer['error']}: {answer['message']}")
        return answer["result"]

    def go(self, address: str) -> None:
        params = {"context": self._page, "url": address, "wait": "complete"}
        self._send("browsingContext.navigate", params)

    def ask(self, script: str) -> object:
        answer = self._send(
            "script.evaluate",
            {
                "expression": f"JSON.stringify({script})",
                "target": {"context": self._page},
                "awaitPromise": True,
            },
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        value = answer["result"].get("value")
        return None if value is None else json.loads(value)

    def act(self, device: str, kind: str, *actions: dict[str, object]) -> None:
        source = {"id": device, "type": kind, "actions": list(actions)}
        self._send("input.performActions", {"context": self._page, "actions": [source]})

    def close(self) -> None:
        self._socket.close()
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._profile.cleanup()


class WebKit(Engine):
    """WebKitGTK's own small browser, over WebDriver, on a screen that nobody sees."""

    def __init__(self, path: str) -> None:
        read, write = os.pipe()
        self._screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
            pass_fds=[write],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as number:
            display = f":{number.readline().strip()}"
        try:
            options = webdriver.WebKitGTKOptions()
            service = webdriver.WebKitGTKService(
                executable_path=path, env={**os.environ, "DISPLAY": display, "GDK_BACKEND": "x11"}
            )
            with warnings.catch_warnings():
                # Selenium's own way to start this browser warns of itself.
                warnings.simplefilter("ignore", DeprecationWarning)
                self._driver = webdriver.WebKitGTK(options=options, service=service)
        except BaseException:
            self._screen.terminate()
            raise
        self._driver.set_window_size(*SIZE)

    def go(self, address: str) -> None:
        self._driver.get(address)

    def ask(self, script: str) -> object:
        value = self._driver.execute_script(f"return JSON.stringify({script})")
        return None if value is None else json.loads(value)

    def act(self, device: str, kind: str, *actions: dict[str, object]) -> None:
        source = {"id": device, "type": kind, "actions": list(actions)}
        self._driver.execute(Command.W3C_ACTIONS, {"actions": [source]})

    def close(self) -> None:
        self._driver.quit()
        self._screen.terminate()
        self._screen.wait()


ENGINES = {
    "firefox": (Firefox, ("firefox-esr", "firefox"), ()),
    "webkit": (WebKit, ("WebKitWebDriver",), ("Xvfb",)),
}
"""For each engine the class, the programs of which one is needed, and others that it needs too."""


def start(name: str) -> Engine | None:
    """Start an engine; none if it is not installed."""
    engine, programs, others = ENGINES[name]
    path = next(filter(None, map(shutil.which, programs)), None)
    return engine(path) if path and all(map(shutil.which, others)) else None
