"""Putting a confirmed speaker into the programme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.privacy.models import Act
from oda_portal.privacy.numbers import RefuseResidentNumbers
from partners.models import Organisation

from ..freezing import FrozenError
from ..models import Appearance, ForumSession, Submission
from ..models.submissions import Profile, State
from ..papers import permissions, placing

if TYPE_CHECKING:
    from .papers import SubmissionAdmin


class PlaceForm(RefuseResidentNumbers, forms.Form):
    """The topic stands as the speaker wrote it; staff translate it."""

    session: forms.ModelChoiceField = forms.ModelChoiceField(
        label=pgettext_lazy("forum", "Session"),
        queryset=ForumSession.objects.none(),
        error_messages={"required": gettext_lazy("Choose one.")},
    )
    role = forms.ChoiceField(
        label=pgettext_lazy("speaker", "Role"),
        choices=Appearance.Role,
        initial=Appearance.Role.SPEAKER,
    )
    organisation: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        help_text=gettext_lazy("If the speaker’s organisation has a page here."),
    )

    def __init__(self, data: Any = None, *, submission: Submission) -> None:
        super().__init__(data)
        sessions = ForumSession.objects.filter(forum=submission.forum_id, cancelled_at=None)
        self.fields["session"].queryset = sessions.order_by("starts_at", "pk")  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = Organisation.objects.all()  # type: ignore[attr-defined]
        self.fields["session"].initial = submission.session_id
        speaker, appearance = submission.speaker, submission.appearance
        self.fields["organisation"].initial = speaker.organisation_id if speaker else None
        if appearance is not None:
            self.fields["role"].initial = appearance.role
        for code, language in settings.LANGUAGES:
            label = _("Topic (%(language)s)") % {"language": language}
            own = submission.title if code == submission.language else ""
            kept = getattr(appearance, _topic(code), "") if appearance else own
            self.fields[_topic(code)] = forms.CharField(
                label=label, max_length=200, required=code == submission.language, initial=kept
            )
        if submission.slides:
            self.fields["with_slides"] = forms.BooleanField(
                label=_("Publish the slides"), required=False, initial=True
            )

    def place(self) -> placing.Place:
        topics = {code: self.cleaned_data[_topic(code)] for code, _name in settings.LANGUAGES}
        return placing.Place(
            session=self.cleaned_data["session"],
            role=self.cleaned_data["role"],
            topics=topics,
            organisation=self.cleaned_data["organisation"],
            with_slides=bool(self.cleaned_data.get("with_slides")),
        )


def _topic(code: str) -> str:
    return f"topic_{code.replace('-', '_')}"


def place_page(
    model_admin: SubmissionAdmin, request: HttpRequest, object_id: int
) -> HttpResponseBase:
    """What will stand in the programme, as the speaker wants it; then it is put there."""
    submission = model_admin.to_look_at(request, object_id)
    is_own = submission.is_own  # type: ignore[attr-defined]
    if is_own or not permissions.can_place_paper(request.user):
        raise PermissionDenied
    if submission.state != State.CONFIRMED or not placing.may_be_public(submission):
        sentence = _("The speaker has not confirmed, or does not agree to be named.")
        model_admin.message_user(request, sentence, messages.WARNING)
        return redirect(model_admin.address("change", submission))
    form = PlaceForm(request.POST if request.method == "POST" else None, submission=submission)
    seen = request.POST.get("seen", "") if request.method == "POST" else submission.stamp
    if form.is_valid() and _put_in(model_admin, request, submission, form, seen):
        return redirect(model_admin.address("change", submission))
    if form.non_field_errors():
        seen = submission.stamp  # they are told, and shown what there is now
    return model_admin.page(
        request,
        submission,
        "admin/forums/paper_place.html",
        what="programme",
        title=_("Put into the programme"),
        form=form,
        seen=seen,
        profiles=profiles_of(submission),
    )


def profiles_of(submission: Submission) -> list[tuple[str, str, Profile]]:
    """For `admin/forums/paper_profile.html`."""
    return [(code, name, submission.profile_in(code)) for code, name in settings.LANGUAGES]


def _put_in(
    model_admin: SubmissionAdmin,
    request: HttpRequest,
    submission: Submission,
    form: PlaceForm,
    seen: str,
) -> bool:
    """False when the page is shown again, with the reason on the form."""
    try:
        done = placing.put_in(submission, form.place(), seen=seen, by=request.user)  # type: ignore[arg-type]
    except FrozenError as error:
        form.add_error(None, str(error))
        return False
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return False
    if not done:
        sentence, level = _("Nothing was changed. Check the record’s latest state."), messages.INFO
    else:
        model_admin.look(request, Act.EDIT, [submission], what="programme")
        sentence, level = _("The speaker is in the programme now."), messages.SUCCESS
    model_admin.message_user(request, sentence, level)
    return True
