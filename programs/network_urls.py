from django.urls import path

from . import network_views as views

app_name = "network_public"

urlpatterns = [
    path("", views.network, name="network"),
    path("matrix/", views.role_matrix, name="role_matrix"),
    path("matrix.csv", views.role_matrix_csv, name="role_matrix_csv"),
]
