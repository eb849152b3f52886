from django.apps import AppConfig


class BridgeConfig(AppConfig):
    name = "kakehashi.bridge"
    label = "bridge"
