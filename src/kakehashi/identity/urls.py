from django.urls import include, path

from .first_run import pages as first_run
from .home import pages as home
from .preferences import pages as preferences

urlpatterns = [
    path("", home.home, name="home"),
    path("start", first_run.start, name="start"),
    path("account/preferences/language", preferences.language, name="preferences_language"),
    path("account/preferences/theme", preferences.theme, name="preferences_theme"),
    path("account/", include("allauth.urls")),
]
