"""Every module of measurements, imported so that it registers what it measures."""

from bench import imports, million, records, sync, tickets

__all__ = ["imports", "million", "records", "sync", "tickets"]
