from django.urls import path

from . import views

app_name = "iati"

urlpatterns = [
    path("", views.iati_index, name="iati_index"),
]
