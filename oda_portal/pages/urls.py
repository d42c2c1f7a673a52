from django.urls import path, register_converter
from django.urls.converters import StringConverter

from . import views
from .inquiring import views as inquiring

app_name = "pages"


class DayConverter(StringConverter):
    regex = r"\d{4}-\d{2}-\d{2}"


register_converter(DayConverter, "day")

about_urls = [
    path("about/site-map/", views.site_map, name="site_map"),
    path("about/sources/", views.source_list, name="source_list"),
    path("about/<slug:slug>/", views.page_detail, name="page_detail"),
    path("about/<slug:slug>/<day:day>/", views.page_version, name="page_version"),
]

service_urls = [
    path("services/", views.service_list, name="service_list"),
    path("services/<slug:slug>/", views.service_detail, name="service_detail"),
]

reader_urls = [
    path("display/", views.display, name="display"),
    path("satisfaction/", views.satisfaction, name="satisfaction"),
    path("faq/", views.faq_list, name="faq_list"),
    path("contact/", inquiring.contact, name="contact"),
    path("contact/<str:receipt>/", inquiring.inquiry_detail, name="inquiry_detail"),
]

urlpatterns = [*about_urls, *service_urls, *reader_urls]
