"""When the key of encrypted data is changed, nobody loses the second step, nor what they wrote."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client

from oda_portal.privacy.ciphers import CannotDecryptError, is_current
from oda_portal.secrets import new_field_key
from tests.accounts.people import PASSWORD, sign_in, verified_user
from tests.doors import code_of, sign_in_staff, with_app
from tests.factories import OfficeFactory

pytestmark = pytest.mark.django_db
CODES = "/en/accounts/two-step/recovery-codes/"


@pytest.fixture
def former(settings) -> str:
    """The only key, until a test puts another in front of it."""
    settings.FIELD_KEYS = [new_field_key()]
    OfficeFactory()
    return settings.FIELD_KEYS[0]


def codes(client: Client) -> list[str]:
    return client.get(CODES).context["unused_codes"]


def is_let_in(user, code: str) -> bool:
    visitor = Client()
    visitor.post(sign_in(visitor, user).url, {"code": code})
    return "_auth_user_id" in visitor.session


def test_app_and_recovery_codes_open_with_the_new_key_alone(
    client: Client, settings, former: str, capsys
):
    user = verified_user()
    with_app(user)
    sign_in_staff(client, user)
    client.post("/en/accounts/reauthenticate/", {"password": PASSWORD})
    client.post(f"{CODES}generate/")
    used, *unused = codes(client)
    assert is_let_in(user, used)

    settings.FIELD_KEYS = [new_field_key(), former]
    call_command("privacy", "rotate")
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]

    assert "mfa.Authenticator.data: 2 rewritten" in capsys.readouterr().out
    assert codes(client) == unused
    assert not is_let_in(user, used)
    assert is_let_in(user, unused[0])
    assert is_let_in(user, code_of(user))


def test_what_the_new_key_wrote_stays_as_it_is(former: str, capsys):
    app = with_app(verified_user())

    call_command("privacy", "rotate")

    assert "mfa.Authenticator.data: 0 rewritten" in capsys.readouterr().out
    assert Authenticator.objects.get(pk=app.pk).data == app.data
    assert is_current(app.data["secret"])


def test_without_the_former_key_nothing_is_written(settings, former: str):
    app = with_app(verified_user())
    settings.FIELD_KEYS = [new_field_key()]

    with pytest.raises(CannotDecryptError):
        call_command("privacy", "rotate")

    assert Authenticator.objects.get(pk=app.pk).data == app.data
