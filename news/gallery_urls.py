from django.urls import path, re_path

from . import gallery_views

app_name = "gallery"

urlpatterns = [
    path("", gallery_views.photo_list, name="photo_list"),
    re_path(
        r"^(?P<source>program|news)-(?P<pk>[1-9]\d{0,17})/$",
        gallery_views.photo_detail,
        name="photo_detail",
    ),
]
