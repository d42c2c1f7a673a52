"""Addresses for programs: the language is no part of them."""

from django.urls import path, re_path

from . import views

app_name = "api"

urlpatterns = [
    path("", views.index, name="index"),
    path("openapi.json", views.openapi, name="openapi"),
    path("codes/<slug:name>/", views.codes, name="codes"),
    path("figures/<slug:name>/", views.figure, name="figure"),
    path("<slug:name>/", views.rows, name="rows"),
    path("<slug:name>/<str:key>/", views.row, name="row"),
    # Everything else as well: programs are never given a page, and a missing slash is added.
    re_path(r"^[\s\S]*/\Z", views.nothing),
]
