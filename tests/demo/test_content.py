"""What the demonstration says, against the facts."""

from datetime import date
from decimal import Decimal

import pytest
import yaml
from django.conf import settings
from modeltranslation.translator import translator

from oda_portal.demo.demonstration import book_of
from oda_portal.demo.files import Files
from oda_portal.pages.models import Office, Page, Service
from partners.models import Agreement, City, Country, Organisation
from programs.models import Milestone, Program, Role, SectorShare, Session

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("loaded")]
FACTS = settings.BASE_DIR / "oda_portal/demo/facts"


def columns(field: str) -> list[str]:
    return [f"{field}_{code.replace('-', '_')}" for code in settings.MODELTRANSLATION_LANGUAGES]


def test_every_text_is_there_in_three_languages():
    translated = set(translator.get_registered_models(abstract=False))
    lacking = []

    for model in book_of(Files()).entries:
        if model not in translated:
            continue
        for row in model.objects.all():
            for field in translator.get_options_for_model(model).fields:
                texts = [getattr(row, column) for column in columns(field)]
                if any(texts) and not all(texts):
                    lacking.append((model._meta.label, row.pk, field))

    assert lacking == []


def test_titles_are_there_and_stand_in_their_own_columns():
    laos = Program.objects.get(code="laos-cpr")
    assert laos.title_ko == "라오스 의료인력 심폐소생술 연수"
    assert laos.title_en == "CPR training for Lao health workers"
    assert laos.title_zh_hans == "老挝医护人员心肺复苏研修"
    assert not Program.objects.filter(title_zh_hans=None).exists()
    assert not Program.objects.filter(summary_en="").exists()
    assert Service.objects.count() == 7
    assert Office.objects.get().city_name_en == "Busan"
    assert Page.objects.get(slug="privacy").effective_on is not None


def test_country_has_codes_and_only_small_ones_have_a_point():
    laos, grenada = Country.objects.get(code="LA"), Country.objects.get(code="GD")
    assert (laos.alpha3, laos.numeric, laos.dac_group) == ("LAO", "418", "LDC")
    assert laos.latitude is None
    assert grenada.latitude == pytest.approx(12.1)


def test_city_without_an_agreement_is_a_partner_and_a_year_is_only_a_year():
    astana, anchorage = City.objects.get(slug="astana"), City.objects.get(slug="anchorage")
    assert (astana.relation, astana.agreed_on, astana.status) == ("partner", None, "published")
    assert (anchorage.agreed_on, anchorage.agreed_precision) == (date(2026, 1, 1), "year")
    assert City.objects.partners().count() == 47


def test_address_that_nobody_looked_up_is_not_shown():
    assert Organisation.objects.get(slug="koica").url == ""
    assert Organisation.objects.get(slug="cpsc").url == "https://www.cpsctech.org"


def test_organisation_keeps_its_own_kind_of_name():
    kmou = Organisation.objects.get(slug="kmou")
    assert (kmou.kind, kmou.label_en, kmou.abbreviation) == ("80", "University", "KMOU")
    assert kmou.editor_note.startswith("No KMU was found")
    assert Organisation.objects.get(slug="kazaid").chinese_name_is_ours
    assert not kmou.chinese_name_is_ours


def test_course_of_which_each_year_is_known_has_days():
    egypt = Program.objects.get(code="egypt-metro")
    assert (egypt.starts_on, egypt.ends_on) == (date(2016, 10, 9), date(2018, 9, 15))
    assert egypt.precision == "day"


def test_course_with_a_year_of_which_nothing_is_known_has_years():
    laos = Program.objects.get(code="laos-cpr")
    assert (laos.starts_on, laos.ends_on) == (date(2019, 1, 1), date(2021, 12, 31))
    assert laos.precision == "year"
    assert [run.number for run in laos.runs.all()] == [1, 3]
    assert [run.groups.get().total for run in laos.runs.all()] == [15, 29]


def test_activity_of_a_partner_is_not_ours_and_a_plan_is_only_announced():
    kazaid = Program.objects.get(code="kazaid-triangular-2025")
    donors = Program.objects.get(code="emerging-donors-2025")
    assert (kazaid.ours, kazaid.arrangement, kazaid.modality) == (False, "partner", "triangular")
    assert kazaid.venue_en == "Astana Hub"
    assert not kazaid.announced_only
    assert donors.announced_only
    assert donors.countries_total == 11
    assert Program.objects.get(code="officials-training").date_is_estimate


def test_roles_are_those_that_were_read_again():
    laos = Program.objects.get(code="laos-cpr")
    assert [(role.kind, role.organisation.slug) for role in laos.roles.all()] == [
        ("funds", "koica"),
        ("implements", "bgcf"),
        ("implements", "smart-social"),
        ("co_organises", "inje"),
        ("co_organises", "haeundae-paik"),
        ("takes_part", "busan-paik"),
        ("takes_part", "dongseo"),
        ("takes_part", "koica-busan"),
    ]


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("programmes", "programmes"),
        ("deployments", "deployments"),
        ("sister_villages", "villages"),
        ("forums", "forums"),
    ],
)
def test_every_body_that_a_fact_names_has_a_role(file: str, part: str):
    facts = yaml.safe_load((FACTS / f"{file}.yaml").read_text(encoding="utf-8"))[part]
    fields = ("partners", "funders", "implementers", "commissioned_by", "beneficiaries")
    for fact in facts:
        named = {body for field in fields for body in fact.get(field) or []}
        roles = Role.objects.filter(program__code=fact["id"])
        assert named <= set(roles.values_list("organisation__slug", flat=True)), fact["id"]


def test_budget_is_an_announced_ceiling_and_sectors_are_estimates():
    budget = Program.objects.get(code="laos-cpr").budget_lines.get()
    assert (budget.amount, budget.currency) == (Decimal(608000000), "KRW")
    assert budget.basis == "announced"
    assert set(SectorShare.objects.values_list("basis", flat=True)) == {"estimated"}


def test_deployment_is_one_run_with_its_people():
    yangon = Program.objects.get(code="gf-2018-yangon")
    group = yangon.runs.get().groups.get()
    assert (yangon.kind, yangon.edition) == ("volunteer", 10)
    assert (group.total, group.about, group.label_en) == (50, True, "Volunteers")
    assert [country.code for country in yangon.countries.all()] == ["MM"]


def test_village_has_its_place_its_works_and_its_steps():
    village = Program.objects.get(code="ulaanbaatar-kindergartens")
    assert village.place_en == "Songinokhairkhan District"
    assert (village.latitude, village.longitude) == (47.92, 106.8)
    assert [work.name_en for work in village.works.all()] == [
        "Kindergarten No. 104",
        "Kindergarten No. 106",
        "Kindergarten No. 110",
    ]
    assert [(step.on.year, step.precision) for step in village.milestones.all()] == [
        (2016, "year"),
        (2017, "day"),
        (2020, "day"),
        (2020, "month"),
        (2022, "day"),
    ]


def test_forum_names_its_venue_in_words_or_by_the_organisation():
    assert Program.objects.get(code="forum-2018").venue_en == "BEXCO"
    seminar = Program.objects.get(code="seminar-2012")
    assert seminar.venue_en == "International conference hall, 12th floor, Busan City Hall"
    assert Program.objects.get(code="hlf4-2011").ends_on == date(2011, 12, 1)


def test_network_has_its_steps_and_agreements_have_their_parties():
    week = Milestone.objects.get(title_en="Busan × Ulsan ODA Together Week")
    assert (week.on, week.ends_on) == (date(2022, 11, 4), date(2022, 12, 2))
    assert week.program.code == "oda-working-network"
    agreement = Agreement.objects.get(slug="gn-2020")
    assert agreement.signed_on == date(2020, 5, 29)
    assert {party.slug for party in agreement.parties.all()} == {"koica-busan", "goodneighbors-bug"}


def test_topics_are_sessions_with_those_who_led_them():
    topic = Session.objects.get(title_en="Film and media")
    assert topic.led_by.slug == "bfc"
    assert topic.country.code == "TZ"
    assert Session.objects.filter(run__program__code="kazaid-triangular-2025").count() == 3


def test_captions_stand_without_pictures():
    photo = Program.objects.get(code="gf-2019-yangon").photos.get()
    assert photo.caption_en == "Busan Global Friends in Yangon, 2019"
    assert not photo.image


def test_deployment_leads_to_the_village_where_it_worked():
    village = Program.objects.get(code="ulaanbaatar-kindergartens")
    codes = {program.code for program in village.deployments.all()}
    assert codes == {"gf-2017-ulaanbaatar", "gf-2022-ulaanbaatar"}


def test_steps_of_the_network_say_what_they_were():
    steps = Milestone.objects.filter(program__code="oda-working-network")
    labels = {step.on.year: (step.label_ko, step.label_en, step.label_zh_hans) for step in steps}
    assert labels[2018] == ("협의체", "Council", "联席会议")
    assert not steps.filter(label_en="").exists()


def test_organisation_has_its_legal_name_and_the_bodies_it_was_formed_from():
    body = Organisation.objects.get(slug="bgcf")
    assert body.legal_name_en == "Busan Metropolitan City Global City Foundation"
    assert body.predecessors_ko == "부산국제교류재단(BFIC)\n부산영어방송재단"
    assert body.predecessors_zh_hans.startswith("釜山国际交流财团（BFIC）")


def test_home_city_says_that_its_list_of_cities_is_not_complete():
    home = City.objects.get(relation="home")
    assert "51 cities in 41 countries" in home.intro_en
