"""The portal's addresses and one page of the staff, for test_my_page.py."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from oda_portal.accounts.doors import staff_page
from oda_portal.urls import urlpatterns as portal


@staff_page("programs.change_program")
def desk(request: HttpRequest) -> HttpResponse:
    return HttpResponse("desk")


urlpatterns = [path("desk/", desk), *portal]
