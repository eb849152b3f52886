"""Every module of measurements, imported so that it registers what it measures."""

from bench import records, sync, tickets

__all__ = ["records", "sync", "tickets"]
