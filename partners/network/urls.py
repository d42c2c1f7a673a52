from django.urls import path

from . import views
from .suggesting import views as suggesting

app_name = "network"

joining_urls = [
    path("join/", views.join, name="join"),
    path("join/<int:pk>/", views.invitation_detail, name="invitation_detail"),
]

member_urls = [
    path("members/", views.member_home, name="member_home"),
    path("members/directory/", views.directory, name="directory"),
    path("members/<int:pk>/", views.member_details, name="member_details"),
    path("members/<int:pk>/leave/", views.member_leave, name="member_leave"),
]

suggestion_urls = [
    path("members/texts/", suggesting.suggestion_list, name="suggestion_list"),
    path("members/texts/<slug:kind>/<int:pk>/", suggesting.suggest, name="suggest"),
    path("members/suggestions/<int:pk>/", suggesting.suggestion_detail, name="suggestion_detail"),
    path(
        "members/suggestions/<int:pk>/withdraw/",
        suggesting.suggestion_withdraw,
        name="suggestion_withdraw",
    ),
]

urlpatterns = [*joining_urls, *member_urls, *suggestion_urls]
