from django.urls import path

from . import views
from .sending.views import article_send

app_name = "news"

urlpatterns = [
    path("", views.article_list, name="article_list"),
    path("<slug:slug>/", views.article_detail, name="article_detail"),
    path("<slug:slug>/send/", article_send, name="article_send"),
]
