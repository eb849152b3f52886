from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "kakehashi.ui"
    label = "ui"
