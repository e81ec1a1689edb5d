"""Programs that a machine may lack, in whole or in part: tests are given what works, or skipped."""

import shutil
import subprocess
from pathlib import Path

import pptx
import pytest
from filelock import FileLock

# What each part of LibreOffice is tried with; no two make a file of the same name.
TRIALS = {
    "libreoffice-writer": ("text.txt", "pdf"),
    "libreoffice-calc": ("table.csv", "xlsx"),
    "libreoffice-impress": ("slides.pptx", "pdf"),
}


def path_of(program: str, package: str) -> str:
    """The path of a program; the test is skipped where it is not installed."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed; on Debian and Ubuntu: apt install {package}")
    return path


class Office:
    """A part of LibreOffice that works; the test is skipped where it does not."""

    def __init__(self, package: str, folder: Path) -> None:
        self.program, self.folder = path_of("soffice", package), folder
        name, form = TRIALS[package]
        tried = folder / f"{package}.tried"
        with FileLock(folder / f"{package}.lock"):  # every worker asks, one tries
            if not tried.exists():
                trial = folder / name
                if trial.suffix == ".pptx":
                    pptx.Presentation().save(trial)
                else:
                    trial.write_text("1,2\n", encoding="utf-8")
                tried.write_text("works" if self._made(trial, form).exists() else "", encoding="utf-8")
        if not tried.read_text(encoding="utf-8"):
            pytest.skip(
                f"LibreOffice is installed without {package}; on Debian and Ubuntu: apt install {package}"
            )

    def convert(self, path: Path, form: str) -> Path:
        """The file in another format, beside it."""
        made = self._made(path, form)
        assert made.is_file(), f"LibreOffice has made no {made.name}"
        return made

    def _made(self, path: Path, form: str) -> Path:
        # One profile for all workers, since making it takes seconds; it serves one process at a time.
        profile = f"-env:UserInstallation={(self.folder / 'profile').as_uri()}"
        command = [self.program, "--headless", profile, "--convert-to", form, "--outdir", path.parent, path]
        with FileLock(self.folder / "office.lock"):
            # The status is that of success even where no part can read or write such a file.
            subprocess.run(command, check=True, capture_output=True, timeout=300)
        return path.with_suffix(f".{form.partition(':')[0]}")


def text_of(pdf: Path, *options: str) -> str:
    """What a PDF says, as pdftotext finds it; the test is skipped where that is not installed."""
    program = path_of("pdftotext", "poppler-utils")
    ran = subprocess.run([program, *options, pdf, "-"], check=True, capture_output=True, timeout=60)
    assert ran.stderr == b""
    return ran.stdout.decode()
