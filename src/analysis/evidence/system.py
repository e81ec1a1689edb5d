"""What the system refuses, in a sentence that says what to do."""

from __future__ import annotations

import errno

_OUT = " with --out"
_PLACE = f"name a place that can be written to{_OUT}, or give yourself the right to"
_REMEDIES = {
    errno.ENOENT: "check the name",
    errno.EACCES: _PLACE,
    errno.EPERM: _PLACE,
    errno.EROFS: f"name a place that can be written to{_OUT}, or work in a copy of the project",
    errno.EEXIST: f"a file stands where a folder is to be; name another{_OUT}",
    errno.ENOTDIR: f"a file stands where a folder is to be; name another{_OUT}",
    errno.EISDIR: "name a file",
    errno.ENOSPC: f"make room, or name a folder elsewhere{_OUT}",
    errno.EDQUOT: f"make room, or name a folder elsewhere{_OUT}",
    errno.EMFILE: "allow more open files (ulimit -n 1024), or make fewer reports at once (--jobs 1)",
    errno.ENFILE: "allow more open files (ulimit -n 1024), or make fewer reports at once (--jobs 1)",
    errno.ENAMETOOLONG: "shorten the names of the folders above",
    errno.ENOMEM: "make fewer reports at once (--jobs 1)",
    errno.ENOLCK: f"the file system keeps no locks: name a folder of a local disk{_OUT}",
}


def describe(error: OSError, *, out: bool = True) -> str:
    """Return what the system has refused, where, and what to do; ``out`` is whether there is an ``--out``."""
    where = "".join(f"{name}: " for name in (error.filename, error.filename2) if isinstance(name, str))
    remedy = _REMEDIES.get(error.errno or 0, "look at the file system, then try again")
    return f"{where}{error.strerror or error}; {remedy if out else remedy.replace(_OUT, '')}"
