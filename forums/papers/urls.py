"""Addresses below `/forums/`, in the namespace `forums`."""

from django.urls import path

from . import calling, own, speaking

urlpatterns = [
    path("papers/", own.paper_list, name="paper_list"),
    path("papers/<uuid:uuid>/", own.paper_detail, name="paper_detail"),
    path("papers/<uuid:uuid>/edit/", own.paper_edit, name="paper_edit"),
    path("papers/<uuid:uuid>/withdraw/", own.paper_withdraw, name="paper_withdraw"),
    path("papers/<uuid:uuid>/speaker/", speaking.speaker, name="paper_speaker"),
    path("papers/<uuid:uuid>/slides/", speaking.slides, name="paper_slides"),
    path("papers/<uuid:uuid>/slides/remove/", speaking.remove_slides, name="paper_slides_remove"),
    path("<slug:slug>/papers/", calling.paper_call, name="paper_call"),
]
