"""Puts the floors together: who reads which events, and who fills which slot. Read this to see how the product hangs together."""


def wire() -> None:
    """Called once per process, when Django is ready."""
