from django.urls import path

from . import views
from .iati.views import activity_detail, activity_list

app_name = "partners"

city_urls = [
    path("cities/", views.city_list, name="city_list"),
    path("cities/<slug:slug>/", views.city_detail, name="city_detail"),
    path("cities/<slug:slug>/map.svg", views.city_map, name="city_map"),
]

organisation_urls = [
    path("organisations/", views.organisation_list, name="organisation_list"),
    path("organisations/<slug:slug>/", views.organisation_detail, name="organisation_detail"),
]

activity_urls = [
    path("activities/", activity_list, name="activity_list"),
    path("activities/<int:pk>/", activity_detail, name="activity_detail"),
]

urlpatterns = [
    path("", views.partner_index, name="partner_index"),
    path("agreements/", views.agreement_list, name="agreement_list"),
    *city_urls,
    *organisation_urls,
    *activity_urls,
]
