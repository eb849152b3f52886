"""Prints each point of docs/spec.md with the tests that walk it and how they last ended (`make spec`).

Once every issue up to the signals is resolved, `--strict` makes a point without a passing test an error.
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "build" / "spec.json"


def read_points() -> dict[str, str]:
    """ID -> the beginning of its text, in the order of the document."""
    rows = re.findall(r"^\| ([A-Z]\d+) \| (.+?) \|$", (ROOT / "docs" / "spec.md").read_text(), flags=re.MULTILINE)
    return dict(rows)


def main() -> int:
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    without: list[str] = []
    for point, text in read_points().items():
        tests = {test: row["outcome"] for test, row in results.items() if point in row["points"]}
        print(f"{point:4} {text[:100]}")
        for test, outcome in sorted(tests.items()):
            print(f"       {outcome:7} {test}")
        if "passed" not in tests.values():
            without.append(point)
    print(f"\n{len(read_points()) - len(without)} of {len(read_points())} points have a passing test.")
    if without:
        print(f"Without one: {', '.join(without)}")
    return 1 if without and "--strict" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
