from django.urls import re_path

from oda_portal.languages import HTML_LANG

from . import views

LANGUAGES = "|".join(HTML_LANG.values())

app_name = "share"
urlpatterns = [
    re_path(
        rf"^(?P<kind>[a-z]+)/(?P<key>[-a-zA-Z0-9_]+)\.(?P<lang>{LANGUAGES})\.png$",
        views.shared_picture,
        name="picture",
    ),
]
