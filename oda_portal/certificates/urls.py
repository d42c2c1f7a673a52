from django.urls import path

from . import views

app_name = "certificates"

urlpatterns = [
    path("", views.certificate_find, name="certificate_find"),
    path("<str:code>/", views.certificate_detail, name="certificate_detail"),
    path("<str:code>/pdf/", views.certificate_pdf, name="certificate_pdf"),
]
