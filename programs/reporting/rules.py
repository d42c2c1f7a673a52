"""What must be met before a programme is reported: IATI 2.03, its rules and code lists."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from oda_portal.publishing.texts import day
from partners.references import is_legal
from programs.models import Confirmation, Program, Publisher, SectorShare

from .codes import FUNDING, IMPLEMENTING, LISTS, codes_of, is_usable, reporting_of, unknown_codes
from .dates import dates_of
from .fingerprints import fingerprint
from .narratives import descriptions, narratives
from .parties import parties_of
from .recipients import WHOLE, recipients_of
from .requirements import Frame, Rule

SHORTEST_TITLE, SHORTEST_DESCRIPTION = 10, 80
LONGEST_IDENTIFIER = 170
Aspect = Confirmation.Aspect


# --- whether it is ours to report ---------------------------------------------------------------


def _wanted(program: Program, frame: Frame) -> str:
    chosen = reporting_of(program)
    if chosen and chosen.wanted:
        return ""
    return _("Nobody asked for it yet. Tick “report to IATI”.")


def _public(program: Program, frame: Frame) -> str:
    return "" if program.is_public() else _("It is not public. Publish it first.")


def _ours(program: Program, frame: Frame) -> str:
    if not program.ours:
        return _("It is a partner’s own programme. Partners report theirs themselves.")
    if program.is_demonstration:
        return _("It only shows how the portal works. It is never reported.")
    return ""


def _happened(program: Program, frame: Frame) -> str:
    if not program.announced_only:
        return ""
    return _("It was only announced. Untick “only announced” once you know that it took place.")


def _publisher(program: Program, frame: Frame) -> str:
    publisher = frame.publisher
    if publisher is None:
        return _("No publisher has been set. Enter the publisher first.")
    return trouble_with(publisher)


def trouble_with(publisher: Publisher) -> str:
    """Why nothing can be reported as this organisation; "" where it can."""
    organisation = publisher.organisation
    reference = organisation.org_ref or ""
    agency = "-".join(reference.split("-")[:2])
    if not is_legal(reference) or not is_usable("OrganisationRegistrationAgency", agency):
        sentence = _(
            "The publisher’s identifier “%(reference)s” does not begin with a registration agency"
            " that IATI knows, such as KR-BRN. Check it."
        )
        return sentence % {"reference": reference}
    if not organisation.is_public():
        return _("The publisher’s page is not public. Publish the organisation first.")
    if not {"ko", "en"} <= narratives(organisation, "name").keys():
        return _("The publisher needs a name in Korean and in English. Add what is missing.")
    return ""


def identifier_of(program: Program, publisher: Publisher) -> str:
    """The one that it has, or would be given now."""
    try:
        return program.iati_identifier.value
    except ObjectDoesNotExist:
        return f"{publisher.organisation.org_ref}-{program.code}"


def _identifier(program: Program, frame: Frame) -> str:
    if frame.publisher is None:
        return ""
    value = identifier_of(program, frame.publisher)
    words = {"identifier": value}
    if value in frame.retired:
        return _("“%(identifier)s” belonged to a programme that is gone. Use another code.") % words
    if len(value) > LONGEST_IDENTIFIER:
        return _("“%(identifier)s” is too long for an identifier. Use a shorter code.") % words
    if not value.startswith(f"{frame.publisher.organisation.org_ref}-"):
        return _("“%(identifier)s” does not begin with the publisher’s identifier.") % words
    return ""


# --- what it says -------------------------------------------------------------------------------


def _title(program: Program, frame: Frame) -> str:
    texts = narratives(program, "title")
    if "ko" not in texts:
        return _("The Korean title is missing. Enter it.")
    if "en" not in texts:
        return _("The English title is missing. Enter it.")
    if len(texts["en"]) < SHORTEST_TITLE:
        sentence = _("The English title has fewer than %(least)s characters. Say more in it.")
        return sentence % {"least": SHORTEST_TITLE}
    return ""


def _description(program: Program, frame: Frame) -> str:
    texts = descriptions(program)
    if "ko" not in texts:
        return _("The Korean summary is missing. Write it.")
    known = len(texts.get("en", ""))
    if known >= SHORTEST_DESCRIPTION:
        return ""
    sentence = ngettext(
        "Summary and text in English have %(count)s character together. Write at least %(least)s.",
        "Summary and text in English have %(count)s characters together. Write at least %(least)s.",
        known,
    )
    return sentence % {"count": known, "least": SHORTEST_DESCRIPTION}


def _dates(program: Program, frame: Frame) -> str:
    if dates_of(program, frame.today) is None:
        return _("Nobody knows when it begins. Enter at least “starts on”.")
    if program.date_is_estimate:
        return _("Its dates are an estimate. Enter the real ones and untick “an estimate”.")
    if program.closed_on and program.starts_on and program.closed_on < program.starts_on:
        return _("It was closed before it began. Check “closed on”.")
    return ""


# --- who, where, what for -----------------------------------------------------------------------


def _has_role(program: Program, frame: Frame, *, role: str) -> str:
    if any(party.role == role for party in parties_of(program)):
        return ""
    if role == FUNDING:
        return _("No organisation with a public page funds it. Add who does to the roles.")
    return _(
        "No organisation with a public page implements or co-organises it."
        " Add who does to the roles."
    )


def _references(program: Program, frame: Frame) -> str:
    for organisation, _role in parties_of(program):
        if not is_legal(organisation.org_ref or ""):
            sentence = _(
                "The IATI identifier of %(organisation)s has a space or a sign that is not allowed."
                " Put it right on the organisation’s page."
            )
            return sentence % {"organisation": organisation}
        if not narratives(organisation, "name"):
            return _("An organisation has no name. Put it right on the organisation’s page.")
    return ""


def _recipients(program: Program, frame: Frame) -> str:
    found = recipients_of(program)
    unknown = [row for row, _share in found.countries if not is_usable("Country", row.code)]
    if unknown:
        sentence = _("IATI does not know the country code of %(country)s. Check it.")
        return sentence % {"country": unknown[0]}
    if found.is_whole:
        return ""
    if not found.countries:
        return _("Its country is not said. Add it to the countries’ shares.")
    if found.sum is None:
        return _("Not every country has a share. Confirm the shares: they are suggested there.")
    sentence = _("The shares of the countries make %(sum)s%% and not 100%%. Put them right.")
    return sentence % {"sum": f"{found.sum.normalize():f}"}


def _sectors(program: Program, frame: Frame) -> str:
    shares = list(program.sector_shares.all())
    if not shares:
        return _("It has no sector. Choose at least one.")
    if any(share.is_estimate for share in shares):
        return _("Its sectors are our estimate, and estimates are not reported. Confirm them.")
    for share in shares:
        if not is_usable("Sector", share.sector.code):
            sentence = _("The DAC no longer uses the sector code %(code)s, or never did.")
            return sentence % {"code": share.sector.code}
    return _sum_of_sectors(shares)


def _sum_of_sectors(shares: list[SectorShare]) -> str:
    given = [share.percentage for share in shares if share.percentage is not None]
    if len(shares) == 1 and not given:
        return ""
    if len(given) < len(shares):
        return _("Not every sector has a percentage. Confirm the sectors: they are asked there.")
    total = sum(given, Decimal(0))
    if total == WHOLE:
        return ""
    sentence = _("The percentages of the sectors make %(sum)s%% and not 100%%. Put them right.")
    return sentence % {"sum": f"{total.normalize():f}"}


def _targets(program: Program, frame: Frame) -> str:
    for target in program.sdg_targets.all():
        if not is_usable("UNSDG-Targets", target.code):
            sentence = _("There is no SDG target %(code)s. Check its number.")
            return sentence % {"code": target.code}
    return ""


def _codes(program: Program, frame: Frame) -> str:
    codes = codes_of(program)
    for name in unknown_codes(codes):
        sentence = _("“%(code)s” is no code of %(list)s that may be used. Choose another.")
        return sentence % {"code": getattr(codes, name), "list": LISTS[name]}
    return ""


# --- what staff confirmed -----------------------------------------------------------------------


def _confirmed(program: Program, frame: Frame, *, aspect: str) -> str:
    found = next((row for row in program.confirmations.all() if row.aspect == aspect), None)
    if found is None:
        return str(_NOT_CONFIRMED[Aspect(aspect)])
    if found.fingerprint == fingerprint(program, aspect):
        return ""
    return _LAPSED[Aspect(aspect)] % {"date": day(timezone.localtime(found.at).date())}


_NOT_CONFIRMED = {
    Aspect.SECTORS: gettext_lazy(
        "Nobody has confirmed the sectors. Look at them and confirm them."
    ),
    Aspect.SHARES: gettext_lazy("Nobody has confirmed the countries and shares. Look and confirm."),
    Aspect.ROLES: gettext_lazy("Nobody has confirmed the roles. Look at them and confirm them."),
}
_LAPSED = {
    Aspect.SECTORS: gettext_lazy(
        "The sectors changed after they were confirmed on %(date)s. Confirm them again."
    ),
    Aspect.SHARES: gettext_lazy(
        "Countries or shares changed after they were confirmed on %(date)s. Confirm them again."
    ),
    Aspect.ROLES: gettext_lazy(
        "The roles changed after they were confirmed on %(date)s. Confirm them again."
    ),
}

# In the order of the work: what cannot be done here last would be asked for in vain.
MUSTS = (
    Rule("wanted", gettext_lazy("Meant to be reported"), _wanted, "reporting-group"),
    Rule("ours", gettext_lazy("The city’s to report"), _ours, "id_ours"),
    Rule("public", gettext_lazy("Public"), _public),
    Rule("happened", gettext_lazy("Not only announced"), _happened, "id_announced_only"),
    Rule("publisher", gettext_lazy("Publisher"), _publisher, "publisher"),
    Rule("identifier", gettext_lazy("IATI identifier"), _identifier, "id_code"),
    Rule("title", gettext_lazy("Title in Korean and English"), _title, "id_title_en"),
    Rule("description", gettext_lazy("Description"), _description, "id_summary_en"),
    Rule("dates", gettext_lazy("Status and dates"), _dates, "id_starts_on"),
    Rule(
        "funding", gettext_lazy("Who funds it"), partial(_has_role, role=FUNDING), "confirm-roles"
    ),
    Rule(
        "implementing",
        gettext_lazy("Who implements it"),
        partial(_has_role, role=IMPLEMENTING),
        "confirm-roles",
    ),
    Rule(
        "references", gettext_lazy("Names and identifiers of partners"), _references, "roles-group"
    ),
    Rule("recipients", gettext_lazy("Countries and shares"), _recipients, "confirm-shares"),
    Rule("sectors", gettext_lazy("Sectors"), _sectors, "confirm-sectors"),
    Rule("targets", gettext_lazy("Numbers of SDG targets"), _targets, "sdg_targets-group"),
    Rule("codes", gettext_lazy("Codes of the aid"), _codes, "reporting-group"),
    *(
        Rule(f"confirmed_{aspect}", label, partial(_confirmed, aspect=aspect), f"confirm-{aspect}")
        for aspect, label in (
            (Aspect.SECTORS, pgettext_lazy("requirement", "Sectors confirmed")),
            (Aspect.SHARES, pgettext_lazy("requirement", "Shares confirmed")),
            (Aspect.ROLES, pgettext_lazy("requirement", "Roles confirmed")),
        )
    ),
)
