from django.urls import URLPattern, path

from . import views
from .doors.urls import urlpatterns as door_urls
from .papers.urls import urlpatterns as paper_urls
from .programme.urls import urlpatterns as programme_urls
from .registering.urls import urlpatterns as registering_urls

app_name = "forums"

urlpatterns: list[URLPattern] = [
    # What begins with a word of its own comes before `<slug>/`.
    *door_urls,
    *paper_urls,
    *registering_urls,
    *programme_urls,
    path("", views.forum_list, name="forum_list"),
    path("<slug:slug>/", views.forum_detail, name="forum_detail"),
]
