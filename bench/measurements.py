"""Each module registers what it measures."""

from bench import import_contacts

__all__ = ["import_contacts"]
