from django.urls import path

from . import views
from .atlas.views import map_page
from .figures.views import figures

app_name = "programs"

urlpatterns = [
    path("", views.program_list, name="program_list"),
    path("by-partners/", views.partner_program_list, name="partner_program_list"),
    path("map/", map_page, name="map_page"),
    path("figures/", figures, name="figures"),
    path("<slug:code>/", views.program_detail, name="program_detail"),
    path("<slug:code>/map.svg", views.program_map, name="program_map"),
    path("<slug:code>/photos/<int:pk>/", views.photo_detail, name="photo_detail"),
]
