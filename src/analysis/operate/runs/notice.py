"""A notice of a run that did not end well: a command or a URL of the settings, called with the summary."""

from __future__ import annotations

import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request as Call
from urllib.request import urlopen

from analysis.evidence.errors import InputError

SETTINGS = "analysis.toml"
WAIT = 30.0
"""Seconds that a notice may take."""
_FORM = 'command = ["mail", "-s", "reports", "desk@example.org"] or url = "https://example.org/hook"'


class SettingsError(InputError):
    """A settings file that cannot be used; the message says what to correct."""


@dataclass(frozen=True)
class Notice:
    """Whom to tell: a command that takes the summary on its standard input, or a URL that it is sent to."""

    command: tuple[str, ...] = ()
    url: str = ""

    @staticmethod
    def of(root: Path) -> Notice:
        """Return what the settings of a project say; nobody is told where they say nothing."""
        path = root / SETTINGS
        try:
            settings = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Notice()
        except (ValueError, OSError) as error:
            raise SettingsError(f"{path.as_posix()}: {error}; correct the file") from error
        found = settings.pop("notice", {})
        command, url = (found.pop(key, empty) for key, empty in (("command", []), ("url", "")))
        words = isinstance(command, list) and all(isinstance(word, str) for word in command)
        if settings or found or not words or not isinstance(url, str) or (command and url):
            raise SettingsError(f"{path.as_posix()}: expected a section [notice] with {_FORM}")
        if url and not url.startswith(("https://", "http://")):
            raise SettingsError(f"{path.as_posix()}: url: {url!r} — expected https://…; correct the file")
        return Notice(tuple(command), url)

    def send(self, summary: str) -> str:
        """Call the command or the URL with a summary in JSON; return what went wrong with that, if any."""
        try:
            if self.command:
                subprocess.run(
                    self.command, input=summary.encode(), check=True, timeout=WAIT, capture_output=True
                )
            if self.url:
                headers = {"Content-Type": "application/json"}
                with urlopen(Call(self.url, summary.encode(), headers), timeout=WAIT):
                    pass
        except (OSError, subprocess.SubprocessError) as error:
            return f"no notice was given: {error}; look at {SETTINGS}"
        return ""
