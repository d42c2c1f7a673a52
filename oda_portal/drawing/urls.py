from django.urls import path

from . import views

app_name = "drawing"
urlpatterns = [
    path("world.svg", views.world, name="world"),
    path("regions/<slug:name>.svg", views.region, name="region"),
]
