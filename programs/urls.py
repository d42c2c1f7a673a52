from django.urls import path

from . import views

app_name = "programs"

urlpatterns = [
    path("", views.program_list, name="program_list"),
    path("by-partners/", views.partner_program_list, name="partner_program_list"),
    path("<slug:code>/", views.program_detail, name="program_detail"),
    path("<slug:code>/map.svg", views.program_map, name="program_map"),
    path("<slug:code>/photos/<int:pk>/", views.photo_detail, name="photo_detail"),
]
