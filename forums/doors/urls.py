"""Addresses below `/forums/`, in the namespace `forums`."""

from django.urls import URLPattern, path

from . import printing, views

# No word here has eight signs of those that numbers are made of.
urlpatterns: list[URLPattern] = [
    path("check-in/", views.check_in_list, name="check_in_list"),
    path("check-in/<slug:slug>/", views.check_in_door, name="check_in_door"),
    path("check-in/<slug:slug>/count/", views.check_in_count, name="check_in_count"),
    path("check-in/<slug:slug>/print/", printing.check_in_print, name="check_in_print"),
    path("check-in/<slug:slug>/<str:number>/", views.check_in_ticket, name="check_in_ticket"),
    path("check-in/<slug:slug>/<str:number>/undo/", views.check_in_undo, name="check_in_undo"),
]
