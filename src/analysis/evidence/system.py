"""What the system refuses, in a sentence that says what to do."""

from __future__ import annotations

import errno

_PLACE = "name a folder that can be written to with --out, or give yourself the right to"
_REMEDIES = {
    errno.EACCES: _PLACE,
    errno.EPERM: _PLACE,
    errno.EROFS: "name a folder that can be written to with --out",
    errno.EEXIST: "a file stands where a folder is to be; name another with --out",
    errno.ENOTDIR: "a file stands where a folder is to be; name another with --out",
    errno.EISDIR: "name a file",
    errno.ENOSPC: "make room, or name a folder elsewhere with --out",
    errno.EDQUOT: "make room, or name a folder elsewhere with --out",
    errno.EMFILE: "allow more open files (ulimit -n 1024), or make fewer reports at once (--jobs 1)",
    errno.ENFILE: "allow more open files (ulimit -n 1024), or make fewer reports at once (--jobs 1)",
    errno.ENAMETOOLONG: "shorten the names of the folders above",
    errno.ENOMEM: "make fewer reports at once (--jobs 1)",
    errno.ENOLCK: "the file system keeps no locks: name a folder of a local disk with --out",
}


def describe(error: OSError) -> str:
    """Return what the system has refused, where, and what to do."""
    where = "".join(f"{name}: " for name in (error.filename, error.filename2) if isinstance(name, str))
    remedy = _REMEDIES.get(error.errno or 0, "look at the file system, then try again")
    return f"{where}{error.strerror or error}; {remedy}"
