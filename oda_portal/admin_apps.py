"""Django's admin application with the portal's own site; named in INSTALLED_APPS."""

from django.contrib.admin import apps


class PortalAdminConfig(apps.AdminConfig):
    # The site is imported when it is first used: it needs the models loaded.
    default_site = "oda_portal.admin.PortalAdminSite"
