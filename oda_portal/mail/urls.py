from django.urls import path

from . import views

app_name = "mail"

urlpatterns = [path("<str:token>/", views.open_link, name="open_link")]
