"""Every module of measurements, imported so that it registers what it measures."""

from bench import deadlines, imports, mail, million, records, sync, tickets

__all__ = ["deadlines", "imports", "mail", "million", "records", "sync", "tickets"]
