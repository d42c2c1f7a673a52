from django.urls import path

from . import views

app_name = "opendata"

urlpatterns = [
    path("", views.data_index, name="data_index"),
    path("<slug:name>/", views.dataset_detail, name="dataset_detail"),
]
