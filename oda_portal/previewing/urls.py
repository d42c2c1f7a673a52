"""Addresses of previews; what stands below `at/` are the site’s own, as they would be."""

from django.urls import path

from . import views

app_name = "previewing"

urlpatterns = [
    path("<str:token>/", views.look, name="look"),
    path("<str:token>/pictures/<str:name>/", views.picture, name="picture"),
    path("<str:token>/at/<path:path>", views.part, name="part"),
]
