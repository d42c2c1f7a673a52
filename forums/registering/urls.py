"""Addresses below `/forums/`, in the namespace `forums`."""

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("<slug:slug>/register/", views.register, name="register"),
]
