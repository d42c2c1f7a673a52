from django.urls import path

from oda_portal.calendars.views import calendar

from . import views

app_name = "feeds"

urlpatterns = [
    path("feeds/", views.feed_list, name="feed_list"),
    path("feeds/news.atom", views.news_feed, {"form": "atom"}, name="news_atom"),
    path("feeds/news.rss", views.news_feed, {"form": "rss"}, name="news_rss"),
    path("calendar.ics", calendar, name="calendar"),
]
