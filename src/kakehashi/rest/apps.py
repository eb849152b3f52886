from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "kakehashi.rest"
    label = "rest"
