"""Addresses below `/partners/network/`."""

from django.urls import path

from . import views

app_name = "meetings"

public_urls = [
    path("meetings/", views.meeting_list, name="meeting_list"),
    path("meetings/<slug:slug>/", views.meeting_detail, name="meeting_detail"),
]

member_urls = [
    path("members/meetings/", views.member_meetings, name="member_meetings"),
    path("members/meetings/<slug:slug>/", views.member_meeting, name="member_meeting"),
    path("members/meetings/<slug:slug>/calendar.ics", views.member_calendar, name="calendar"),
    path("members/documents/", views.document_list, name="document_list"),
    path("members/documents/<uuid:uuid>/", views.member_document, name="member_document"),
    path("members/action-items/", views.item_list, name="item_list"),
    path("members/action-items/<int:pk>/", views.item_done, name="item_done"),
]

urlpatterns = [*public_urls, *member_urls]
