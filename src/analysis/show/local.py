"""A page on this machine alone: no other site, and no other user, can read what it shows or change anything.

The page itself holds nothing. What it asks for it asks with a token that only the address handed out has,
behind its ``#``, which no browser sends and no log keeps.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Self

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from analysis.show.style import TEMPLATES, base_style
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES

LOOPBACK = "127.0.0.1"
HOSTS = (LOOPBACK, "localhost")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors http://127.0.0.1:* http://localhost:*"
)
KINDS = {"html": "text/html", "js": "text/javascript", "css": "text/css"}
MOST_BYTES = 1_000_000


class Local:
    """A page that is served: its address, what it says, and how to end it.

    ``name`` is that of its files; ``parts`` are what each file is made of, below the templates.
    """

    name: ClassVar[str]
    parts: ClassVar[Mapping[str, tuple[str, ...]]]

    def __init__(self, language: str = "en", port: int = 0) -> None:
        self.language, self.token = language, secrets.token_urlsafe(24)
        [self.socket] = bind_sockets(port, LOOPBACK)
        self.port = self.socket.getsockname()[1]
        self.address = f"http://{LOOPBACK}:{self.port}/#{self.token}"

    def state(self, text: Text) -> dict[str, Any]:
        """Return all that the page draws, in a language."""
        raise NotImplementedError

    def do(self, text: Text, edit: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Make an edit, and return the state after it; a page that only shows something makes none."""
        raise ValueError(edit)

    async def serve(self, until: asyncio.Event | None = None) -> None:
        """Answer until the event is set, or without one until the task is cancelled."""
        server = HTTPServer(self.application(), max_buffer_size=MOST_BYTES)
        server.add_sockets([self.socket])
        try:
            await (until or asyncio.Event()).wait()
        finally:
            server.stop()

    def run(self, said: str, *, browser: bool) -> None:
        """Print the address with a sentence, open a ``browser`` if asked, and answer until interrupted."""
        print(f"{self.address}\nThe address is for you alone. Stop with Ctrl-C; {said}.")
        sys.stdout.flush()
        if browser:
            webbrowser.open(self.address)
        asyncio.run(self.serve())

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
    def running(self) -> Iterator[Self]:
        """Answer for as long as the block takes."""
        stop = self.start()
        try:
            yield self
        finally:
            stop()

    def file(self, kind: str) -> str:
        """Return the page, its script or its style."""
        parts = [(TEMPLATES / part).read_text(encoding="utf-8") for part in self.parts[kind]]
        return "".join([base_style(), *parts] if kind == "css" else parts)

    def application(self) -> Application:
        """Return the pages: what is drawn, and what is asked for with the token."""
        own: dict[str, Any] = {"served": self}
        pages = [(rf"/(|{self.name}\.js|{self.name}\.css)", _Page, own), (r"/(state|do)", _Asked, own)]
        return Application(pages, log_function=lambda _: None)


class _Handler(RequestHandler):
    """Refuses whatever does not come from the page itself."""

    def initialize(self, served: Local) -> None:
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
        kind = name.rpartition(".")[2] or "html"
        self.set_header("Content-Type", f"{KINDS[kind]}; charset=utf-8")
        self.finish(self.served.file(kind))


class _Asked(_Handler):
    def prepare(self) -> None:
        super().prepare()
        given = self.request.headers.get("X-Desk-Token", "")
        if not hmac.compare_digest(given.encode(), self.served.token.encode()):
            raise HTTPError(403)

    def get(self, what: str) -> None:
        """Write how things stand."""
        if what != "state":
            raise HTTPError(405)
        language = self.get_query_argument("language", "")
        self.finish(self.served.state(Text.of(language if language in LANGUAGES else self.served.language)))

    def post(self, what: str) -> None:
        """Make an edit, and write how things stand then."""
        if what != "do" or self.request.headers.get("Content-Type") != "application/json":
            raise HTTPError(415)
        try:
            asked = json.loads(self.request.body)
            text, edit, arguments = Text.of(asked["language"]), asked["edit"], asked["arguments"]
            self.finish(self.served.do(text, edit, arguments))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise HTTPError(400) from error
