"""The address of Django's database for connections of our own: LISTEN and session locks need one that lives long."""

from django.db import connection
from psycopg.conninfo import make_conninfo

# A peer that vanished without a word (a cable, a sleeping laptop) is noticed within half a minute, on both sides.
_KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
_SERVER_KEEPALIVES = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
_NOT_LIBPQ = {"context", "cursor_factory", "prepare_threshold"}


def listening_conninfo() -> str:
    """For `psycopg.connect`, with whatever `DATABASE_URL` says about certificates and the like."""
    settings = {key: value for key, value in connection.get_connection_params().items() if key not in _NOT_LIBPQ}
    options = f"{settings.pop('options', '')} {_SERVER_KEEPALIVES}".strip()
    return make_conninfo("", **{**settings, **_KEEPALIVES, "options": options})
