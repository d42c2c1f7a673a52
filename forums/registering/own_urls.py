"""Addresses that only a mailed link opens: below /mail/, whose addresses no log writes down."""

from django.urls import include, path

from . import own_views

app_name = "registrations"

own_patterns = [
    path("", own_views.own, name="own"),
    path("change/", own_views.change, name="change"),
    path("cancel/", own_views.cancel, name="cancel"),
    path("ticket.svg", own_views.qr, name="qr"),
]

urlpatterns = [
    path("mail/registrations/<uuid:key>/<str:signature>/", include(own_patterns)),
]
