from django.urls import include, path

from . import views
from .second_factor import AddPasskey, SetUpApp

app_name = "accounts"

urlpatterns = [
    path("", views.my_page, name="my_page"),
    path("profile/", views.profile, name="profile"),
    path("stay/", views.stay_signed_in, name="stay"),
    path("kept/", views.kept, name="kept_form"),
    path("second-step/", views.second_step_needed, name="second_step_needed"),
]

# In allauth's place, under its own names: these two go on where it stops.
second_step_patterns = [
    path("totp/activate/", SetUpApp.as_view(), name="mfa_activate_totp"),
    path("webauthn/add/", AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("", include("allauth.mfa.urls")),
]
