from django.urls import path

from . import views

app_name = "drawing"
urlpatterns = [path("world.svg", views.world, name="world")]
