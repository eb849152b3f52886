"""OpenID Connect from the environment, in the shape of allauth's settings."""

import os
from typing import Any

PROVIDER_ID = "oidc"


def provider_settings() -> dict[str, Any]:
    """`SOCIALACCOUNT_PROVIDERS`: one provider if KAKEHASHI_OIDC_URL and _CLIENT_ID are set, else none."""
    url, client_id = os.environ.get("KAKEHASHI_OIDC_URL", ""), os.environ.get("KAKEHASHI_OIDC_CLIENT_ID", "")
    if not (url and client_id):
        return {}
    app = {
        "provider_id": PROVIDER_ID,
        "name": os.environ.get("KAKEHASHI_OIDC_NAME") or "OpenID Connect",
        "client_id": client_id,
        "secret": os.environ.get("KAKEHASHI_OIDC_SECRET", ""),
        "settings": {"server_url": url, "email_authentication": True},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
