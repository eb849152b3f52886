"""Fills an empty installation with a plausible company."""

# The same for everybody of the demonstration; printed at the start and never valid outside it.
DEMO_PASSWORD = ""


def load_demo() -> None:
    """Written by the demo feature; until then the product starts empty."""
