from django.urls import path

from . import views

app_name = "reviews"

urlpatterns = [
    path("", views.review_list, name="review_list"),
    path("<uuid:uuid>/", views.review_detail, name="review_detail"),
    path("<uuid:uuid>/reopen/", views.review_reopen, name="review_reopen"),
    path("<uuid:uuid>/conflict/", views.review_conflict, name="review_conflict"),
    path("<uuid:uuid>/files/<uuid:file>/", views.review_file, name="review_file"),
]
