"""Django settings. Everything a host may want to say comes from the environment; the rest is the product."""

import os
from pathlib import Path

import django_stubs_ext

from kakehashi.assembly.environment import (
    collected_version,
    data_folder,
    database_settings,
    flag,
    host_names,
    mail_settings,
    secret_key,
    words,
)
from kakehashi.assembly.logs.configuring import log_settings
from kakehashi.identity.sign_in.oidc import provider_settings as oidc_settings
from kakehashi.ui import assets

django_stubs_ext.monkeypatch()  # lets Django's classes be written with their type arguments

SOURCE = Path(__file__).resolve().parent.parent
DATA = data_folder()

DEMO = flag("KAKEHASHI_DEMO")
SIGN_UP = flag("KAKEHASHI_SIGN_UP")  # whether strangers may make an account and an organisation
DEBUG = flag("KAKEHASHI_DEBUG")
SECRET_KEY = secret_key(DATA)
PUBLIC_URL = os.environ.get("KAKEHASHI_URL", "http://127.0.0.1:8000").rstrip("/")
PROXIES = int(
    os.environ.get("KAKEHASHI_PROXIES") or 0
)  # of ours, in front; the last so many of X-Forwarded-For are believed
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver", *host_names(PUBLIC_URL), *words("KAKEHASHI_HOSTS")]
CSRF_FAILURE_VIEW = "kakehashi.ui.errors.pages.csrf_failure"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL, *words("KAKEHASHI_ORIGINS")]

INSTALLED_APPS = [
    "kakehashi.core",
    "kakehashi.ui",
    "kakehashi.rest",
    "kakehashi.identity",
    "kakehashi.crm",
    "kakehashi.desk",
    "kakehashi.bridge",
    "kakehashi.assembly",
    "procrastinate.contrib.django",
    "django.forms",  # its widgets' templates, for the form renderer
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "kakehashi.assembly.logs.requests.RequestLogMiddleware",
    "kakehashi.assembly.web.headers.SafetyHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kakehashi.identity.preferences.middleware.PreferencesMiddleware",
    "kakehashi.identity.first_run.middleware.FirstRunMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kakehashi.identity.sign_in.middleware.SessionActivityMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "kakehashi.assembly.web.reading.OneReadingMiddleware",
    *([] if flag("KAKEHASHI_WITHOUT_BRIDGE") else ["kakehashi.bridge.desk_tab.middleware.WithinCrmMiddleware"]),
    "kakehashi.ui.errors.middleware.ProductErrorMiddleware",
]

ROOT_URLCONF = "kakehashi.assembly.urls"
WSGI_APPLICATION = "kakehashi.assembly.wsgi.application"

# A template's name is its path below src/kakehashi: "crm/records/templates/list.html".
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SOURCE, SOURCE / "identity" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "kakehashi.ui.templatetags.ui",
                "kakehashi.ui.templatetags.ui_charts",
                "kakehashi.ui.templatetags.ui_forms",
                "kakehashi.ui.templatetags.ui_lists",
                "kakehashi.ui.templatetags.ui_tickets",
                "kakehashi.ui.templatetags.ui_words",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kakehashi.ui.shell.context.shell",
            ],
        },
    }
]

FORM_RENDERER = "kakehashi.ui.forms.renderer.Renderer"

DATABASES = {"default": database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}

AUTH_USER_MODEL = "identity.Person"
AUTHENTICATION_BACKENDS = ["kakehashi.identity.sign_in.backend.SignInBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "kakehashi.identity.sign_in.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "kakehashi.identity.sign_in.forms.SignInForm",
    "reset_password": "kakehashi.identity.sign_in.forms.PasswordMailForm",
    "add_email": "kakehashi.identity.sign_in.forms.NewAddressForm",
}
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_CHANGE_EMAIL = True  # one address per person; a new one replaces it once it is verified
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
ACCOUNT_DEFAULT_HTTP_PROTOCOL = PUBLIC_URL.partition(":")[0]
ACCOUNT_RATE_LIMITS = {  # "key" is the e-mail address typed
    "login": "60/m/ip",
    "login_failed": "20/5m/ip,5/5m/key",
    "reset_password": "20/h/ip,5/h/key",
    "confirm_email": "1/m/key",
    "signup": "30/h/ip",
    "sign_up": "30/h/ip,5/h/key",
    "customer_answer": "60/h/ip,12/h/key",  # per ticket
    "web_form": "20/h/ip,6/h/key",  # per address
}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
SOCIALACCOUNT_ADAPTER = "kakehashi.identity.sign_in.adapter.SocialAdapter"
SOCIALACCOUNT_PROVIDERS = oidc_settings()
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
MFA_ADAPTER = "kakehashi.identity.sign_in.adapter.MfaAdapter"
MFA_FORMS = {
    "add_webauthn": "kakehashi.identity.sign_in.forms.AddKeyForm",
    "edit_webauthn": "kakehashi.identity.sign_in.forms.RenameKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True  # else nobody with a second step could change their address; nobody signs up here
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PUBLIC_URL.startswith("http://")
USERSESSIONS_TRACK_ACTIVITY = True
SESSION_ENGINE = "kakehashi.identity.sign_in.session_store"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
IS_ENCRYPTED = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_ENCRYPTED
CSRF_COOKIE_HTTPONLY = True  # pages carry the token themselves
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if IS_ENCRYPTED else 0

globals().update(mail_settings())

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

STATIC_VERSION = assets.version(*sorted(SOURCE.glob("*/static")))
STATIC_URL = f"/static/{STATIC_VERSION}/"  # a new address after every change, so browsers may keep files for ever
STATIC_ROOT = DATA / "static"
BUNDLES = DATA / "bundles"
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder", "kakehashi.ui.finders.BundleFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG or collected_version(DATA) != STATIC_VERSION  # else from STATIC_ROOT, compressed
WHITENOISE_IMMUTABLE_FILE_TEST = f"^{STATIC_URL}" if not DEBUG else "^$"
WHITENOISE_MAX_AGE = 60 * 60 * 24 * 365 if not DEBUG else 0
ATTACHMENTS = DATA / "attachments"
ATTACHMENT_LIMIT_BYTES = int(os.environ.get("KAKEHASHI_FILE_LIMIT_MB", "20")) * 1024 * 1024
MAIL_LIMIT_BYTES = int(os.environ.get("KAKEHASHI_MAIL_LIMIT_MB", "30")) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-src": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS = [
    ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts) for path in sorted(SOURCE.glob("*/*/jobs.py"))
]

LOGGING = log_settings()
