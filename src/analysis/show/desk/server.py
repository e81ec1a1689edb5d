"""The desk as a page on this machine alone: no other site, and no other user, can read or change a draft.

The page itself holds nothing. What it asks for it asks with a token that only the address handed out has,
behind its ``#``, which no browser sends and no log keeps.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from inspect import signature
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from analysis.curation.acceptance import accept
from analysis.curation.agreement import both, take
from analysis.curation.desk import Desk
from analysis.curation.sheets import DeskError, Sheets
from analysis.evidence.errors import InputError
from analysis.show.desk.view import View
from analysis.show.style import TEMPLATES, base_style
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES

LOOPBACK = "127.0.0.1"
HOSTS = (LOOPBACK, "localhost")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors http://127.0.0.1:* http://localhost:*"
)
KINDS = {"desk.html": "text/html", "desk.js": "text/javascript", "desk.css": "text/css"}
MOST_BYTES = 1_000_000
Edit = Callable[..., Sheets]
_EDITS: Mapping[str, Edit] = {
    "set": Sheets.set, "keep": Sheets.keep, "remove": Sheets.remove, "decide": Sheets.decide,
    "alike": Sheets.decide_alike, "sure": Sheets.decide_sure, "code": Sheets.code, "ask": Sheets.ask,
    "chosen": Sheets.chosen, "split": Sheets.split, "join": Sheets.join, "resize": Sheets.resize,
    "take": take, "both": both,
}  # fmt: skip


class Served:
    """A desk that is served: its address, and how to end it."""

    def __init__(self, desk: Desk, language: str = "en", port: int = 0) -> None:
        self.desk, self.language, self.token = desk, language, secrets.token_urlsafe(24)
        [self.socket] = bind_sockets(port, LOOPBACK)
        self.port = self.socket.getsockname()[1]
        self.address = f"http://{LOOPBACK}:{self.port}/#{self.token}"

    async def serve(self, until: asyncio.Event | None = None) -> None:
        """Answer until the event is set, or without one until the task is cancelled."""
        server = HTTPServer(self.application(), max_buffer_size=MOST_BYTES)
        server.add_sockets([self.socket])
        try:
            await (until or asyncio.Event()).wait()
        finally:
            server.stop()

    def start(self) -> Callable[[], None]:
        """Answer in a thread that ends with the process, and return what ends it before."""
        loop, until = asyncio.new_event_loop(), asyncio.Event()
        thread = threading.Thread(target=loop.run_until_complete, args=[self.serve(until)], daemon=True)
        thread.start()

        def stop() -> None:
            loop.call_soon_threadsafe(until.set)
            thread.join()
            loop.close()

        return stop

    @contextmanager
    def running(self) -> Iterator[Served]:
        """Answer for as long as the block takes."""
        stop = self.start()
        try:
            yield self
        finally:
            stop()

    def application(self) -> Application:
        """Return the pages: what is drawn, and what is asked for with the token."""
        own: dict[str, Any] = {"served": self}
        pages = [(r"/(|desk\.js|desk\.css)", _Page, own), (r"/(state|do)", _Draft, own)]
        return Application(pages, log_function=lambda _: None)


class _Handler(RequestHandler):
    """Refuses whatever does not come from the page itself."""

    def initialize(self, served: Served) -> None:
        self.served = served

    def set_default_headers(self) -> None:
        self.set_header("Content-Security-Policy", POLICY)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("Cache-Control", "no-store")
        self.clear_header("Server")

    def prepare(self) -> None:
        hosts = {f"{name}:{self.served.port}" for name in HOSTS}
        origin = self.request.headers.get("Origin")
        # A name that leads here from elsewhere, and a page of elsewhere, are refused alike.
        if self.request.host not in hosts or (origin and origin.removeprefix("http://") not in hosts):
            raise HTTPError(403)


class _Page(_Handler):
    def get(self, name: str) -> None:
        """Write a file of the page."""
        file = name or "desk.html"
        self.set_header("Content-Type", f"{KINDS[file]}; charset=utf-8")
        content = (TEMPLATES / "desk" / file).read_text(encoding="utf-8")
        self.finish(base_style() + content if file == "desk.css" else content)


class _Draft(_Handler):
    def prepare(self) -> None:
        super().prepare()
        given = self.request.headers.get("X-Desk-Token", "")
        if not hmac.compare_digest(given.encode(), self.served.token.encode()):
            raise HTTPError(403)

    def get(self, what: str) -> None:
        """Write how the draft stands."""
        if what != "state":
            raise HTTPError(405)
        language = self.get_query_argument("language", "")
        text = Text.of(language if language in LANGUAGES else self.served.language)
        self._answer(text, lambda: text("desk.changed") if self.served.desk.refresh() else "")

    def post(self, what: str) -> None:
        """Make an edit, and write how the draft stands then."""
        if what != "do" or self.request.headers.get("Content-Type") != "application/json":
            raise HTTPError(415)
        try:
            asked = json.loads(self.request.body)
            text, edit, arguments = Text.of(asked["language"]), asked["edit"], asked["arguments"]
        except (ValueError, KeyError, TypeError) as error:
            raise HTTPError(400) from error
        self._answer(text, lambda: self._do(edit, arguments))

    def _do(self, name: str, arguments: dict[str, Any]) -> str:
        desk = self.served.desk
        if name == "accept":
            left = desk.left(desk.faults(), None)
            if not left.done:
                raise DeskError("left", undecided=left.undecided, faults=left.faults)
            return str(accept(desk.source_id, desk.root, desk.documents))
        if name in ("undo", "redo"):
            desk.undo(again=name == "redo")
        else:
            edit = _EDITS[name]
            own = {"programme_id": desk.programme_id, "theirs": desk.other}
            taken = {key: value for key, value in own.items() if key in signature(edit).parameters}
            desk.do(lambda sheets: edit(sheets, **arguments, **taken))
        return ""

    def _answer(self, text: Text, act: Callable[[], str]) -> None:
        try:
            said = {"said": act()}
        except DeskError as error:
            said = {"refused": text(f"desk.{error.key}", **error.values)}
        except InputError as error:
            said = {"refused": str(error)}
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise HTTPError(400) from error
        self.finish({**View(self.served.desk, text).state(), **said})
