"""One file that holds everything of an installation: the database, the attachments, the secret key.

A plain tar: `database.dump` (PostgreSQL's own compressed format), `secret-key`, `attachments/…`, and last `manifest.json`
with a checksum of each. A file that was cut off therefore has no manifest.
"""
