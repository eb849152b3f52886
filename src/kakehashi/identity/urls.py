from django.urls import include, path

from .first_run import pages as first_run
from .home import pages as home
from .invitations import pages as invitations
from .preferences import pages as preferences
from .sign_in import pages as sign_in
from .sign_up import pages as sign_up

urlpatterns = [
    path("", home.home, name="home"),
    path("start", first_run.start, name="start"),
    path("sign-up/", sign_up.address, name="sign_up"),
    path("sign-up/<str:token>/", sign_up.account, name="sign_up_account"),
    path("account/invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("account/demo/<int:offer_id>/", sign_in.demo_sign_in, name="demo_sign_in"),
    path("account/departure/", sign_in.oidc_departure, name="oidc_departure"),
    path("account/sessions/<int:session_id>/end/", sign_in.end_session, name="session_end"),
    path("account/profile/", preferences.profile, name="profile"),
    path("account/preferences/", preferences.preferences, name="preferences"),
    path("account/preferences/language", preferences.language, name="preferences_language"),
    path("account/preferences/theme", preferences.theme, name="preferences_theme"),
    path("account/preferences/shortcuts", preferences.shortcuts, name="preferences_shortcuts"),
    path("account/", include("allauth.urls")),
]
