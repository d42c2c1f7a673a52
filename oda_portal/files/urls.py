"""Addresses of files; they are the same in all languages."""

from django.urls import path

from . import views

app_name = "files"
urlpatterns = [
    path("<uuid:uuid>/", views.download, name="download"),
    path("originals/<str:label>/<int:pk>/", views.original, name="original"),
    path("originals/<str:label>/<int:pk>/<slug:field>/", views.original, name="original"),
]
