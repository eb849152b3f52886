"""The web process: granian, in front of it nothing, behind it the front (ASGI) and Django (WSGI, in threads)."""
