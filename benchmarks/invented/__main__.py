"""Write a synthetic country: ``python -m invented FOLDER --programmes 2844 --seed 1``."""

from __future__ import annotations

import argparse
from pathlib import Path

from invented import COUNTIES, write_country


def main(arguments: list[str] | None = None) -> None:
    """Write the country that the arguments name."""
    parser = argparse.ArgumentParser(
        prog="python -m invented",
        description="Write data/raw and params of a synthetic country, to try the suite at size.",
    )
    parser.add_argument("folder", type=Path, help="a folder without data/raw; it is made where it is missing")
    parser.add_argument("--programmes", type=int, default=COUNTIES, help=f"how many programmes ({COUNTIES})")
    parser.add_argument("--seed", type=int, default=1, help="the same seed writes the same bytes (1)")
    parser.add_argument("--sources", action="store_true", help="write the invented documents too")
    given = parser.parse_args(arguments)
    try:
        write_country(given.folder, given.programmes, given.seed, sources=given.sources)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    print(f"wrote {given.programmes} synthetic programmes to {given.folder}")


if __name__ == "__main__":
    main()
