from django.urls import path

from . import views
from .views import discussing, writing

app_name = "proposals"

urlpatterns = [
    path("", views.proposal_list, name="proposal_list"),
    path("new/", writing.proposal_new, name="proposal_new"),
    path("<uuid:uuid>/", views.proposal_detail, name="proposal_detail"),
    path("<uuid:uuid>/edit/", writing.proposal_edit, name="proposal_edit"),
    path("<uuid:uuid>/submit/", writing.proposal_submit, name="proposal_submit"),
    path("<uuid:uuid>/discard/", writing.proposal_discard, name="proposal_discard"),
    path("<uuid:uuid>/join/", discussing.proposal_join, name="proposal_join"),
    path("<uuid:uuid>/leave/", discussing.proposal_leave, name="proposal_leave"),
    path("<uuid:uuid>/comment/", discussing.proposal_comment, name="proposal_comment"),
    path("<uuid:uuid>/comments/<int:pk>/remove/", discussing.comment_remove, name="comment_remove"),
]
