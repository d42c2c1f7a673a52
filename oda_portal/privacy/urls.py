from django.urls import path

from . import views

app_name = "privacy"

urlpatterns = [
    path("data/download/", views.download, name="download"),
    path("data/consents/<int:pk>/withdraw/", views.consent_withdraw, name="consent_withdraw"),
    path("data/close/", views.account_close, name="account_close"),
    path("data/closed/", views.account_closed, name="account_closed"),
    path("requests/", views.request_list, name="request_list"),
    path("requests/<int:pk>/withdraw/", views.request_withdraw, name="request_withdraw"),
]
