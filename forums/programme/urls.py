"""Addresses below `/forums/`, in the namespace `forums`."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/programme/", views.programme, name="programme"),
    path("<slug:slug>/programme.ics", views.programme_calendar, name="programme_calendar"),
    path("<slug:slug>/sessions/<int:pk>/", views.session_detail, name="session_detail"),
    path("<slug:slug>/sessions/<int:pk>.ics", views.session_calendar_file, name="session_calendar"),
]
