from django.urls import include, path

from . import views

app_name = "subscribing"

# Below /mail/, whose addresses no log writes down.
own_patterns = [
    path("", views.change, name="change"),
    path("leave/", views.leave, name="leave"),
]

urlpatterns = [
    path("news/subscribe/", views.subscribe, name="subscribe"),
    path("mail/subscriptions/<uuid:key>/<str:signature>/", include(own_patterns)),
]
