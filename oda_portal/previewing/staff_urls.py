"""Pages of the back office about one’s own previews."""

from django.contrib import admin
from django.urls import path

from . import staff

app_name = "previews"

_guarded = admin.site.admin_view

urlpatterns = [
    path("", _guarded(staff.preview_list), name="preview_list"),
    path("<uuid:uuid>/", _guarded(staff.preview), name="preview"),
    path("<uuid:uuid>/share/", _guarded(staff.share), name="share"),
    path("<uuid:uuid>/end/", _guarded(staff.end), name="end"),
]
