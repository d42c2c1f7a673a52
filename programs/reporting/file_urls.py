"""Addresses for machines, which stand in no language."""

from django.urls import path

from . import views

app_name = "iati_files"

urlpatterns = [
    path("activities.xml", views.activities_file, name="activities_file"),
    path("organisation.xml", views.organisation_file, name="organisation_file"),
    path("activities/<str:identifier>.xml", views.activity_file, name="activity_file"),
]
