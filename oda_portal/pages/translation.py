from modeltranslation.translator import TranslationOptions, register
from simple_history import register as register_history

from .models import (
    Banner,
    Department,
    Faq,
    MenuEntry,
    Office,
    Page,
    PageVersion,
    Service,
    Strand,
)


@register(Department)
class DepartmentTranslation(TranslationOptions):
    fields = ("name",)


@register(Office)
class OfficeTranslation(TranslationOptions):
    fields = (
        "name", "short_name", "tagline", "city_name", "hero_title", "hero_lead", "address",
        "foot_note",
    )  # fmt: skip


@register(Strand)
class StrandTranslation(TranslationOptions):
    fields = ("title",)


@register(Service)
class ServiceTranslation(TranslationOptions):
    fields = ("title", "summary", "aim", "activities", "fields_covered", "body")


@register(Page)
class PageTranslation(TranslationOptions):
    fields = ("title", "body")


@register(PageVersion)
class PageVersionTranslation(TranslationOptions):
    fields = ("body",)


@register(Faq)
class FaqTranslation(TranslationOptions):
    fields = ("question", "answer")


@register(Banner)
class BannerTranslation(TranslationOptions):
    fields = ("text", "link_text")


@register(MenuEntry)
class MenuEntryTranslation(TranslationOptions):
    fields = ("label",)


# Below the translations: history copies the language columns only where they exist already.
for _model in (Department, Office, Strand, Page, PageVersion, Faq, Banner, MenuEntry):
    register_history(_model, app="oda_portal.pages")
register_history(Service, app="oda_portal.pages", m2m_fields=["sources"])
