from django.urls import re_path

from . import views

app_name = "share"
urlpatterns = [
    re_path(
        r"^(?P<kind>[a-z]+)/(?P<key>[-a-zA-Z0-9_]+)\.(?P<lang>ko|en|zh-Hans)\.png$",
        views.shared_picture,
        name="picture",
    ),
]
