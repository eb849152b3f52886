from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "kakehashi.identity"
    label = "identity"
