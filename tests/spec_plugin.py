"""Remembers, over runs, which tests walk which points of docs/spec.md and how they ended: build/spec.json."""

import json
from pathlib import Path

import pytest

RESULTS = Path(__file__).resolve().parent.parent / "build" / "spec.json"


class SpecResults:
    """Collects on the controlling process; worker processes send their marks along as user properties."""

    def __init__(self) -> None:
        self.points: dict[str, list[str]] = {}
        self.outcomes: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        points = [str(value) for name, value in report.user_properties if name == "spec"]
        if points and (report.when == "call" or report.outcome != "passed"):
            self.points[report.nodeid] = points
            self.outcomes[report.nodeid] = report.outcome

    def pytest_sessionfinish(self) -> None:
        if not self.points:
            return
        RESULTS.parent.mkdir(exist_ok=True)
        kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        for test, points in self.points.items():
            kept[test] = {"points": points, "outcome": self.outcomes[test]}
        RESULTS.write_text(json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False))


def mark_spec(item: pytest.Item) -> None:
    for mark in item.iter_markers("spec"):
        item.user_properties += [("spec", point) for point in mark.args]
