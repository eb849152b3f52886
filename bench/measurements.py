"""Every module of measurements, imported so that it registers what it measures."""

from bench import imports, mail, million, records, sync, tickets

__all__ = ["imports", "mail", "million", "records", "sync", "tickets"]
