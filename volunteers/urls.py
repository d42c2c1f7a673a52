from django.urls import path

from .views import after, apply, begin, calls, departure, interviews, mine

app_name = "volunteers"

call_urls = [
    path("calls/", calls.call_list, name="call_list"),
    path("calls/<slug:slug>/", calls.call_detail, name="call_detail"),
    path("calls/<slug:slug>/deadline.ics", calls.call_calendar, name="call_calendar"),
    path("rounds/", calls.round_list, name="round_list"),
    path("rounds/<slug:key>/", calls.round_detail, name="round_detail"),
]

apply_urls = [
    path("calls/<slug:slug>/check/", begin.check, name="check"),
    path("calls/<slug:slug>/begin/", begin.begin, name="begin"),
    path("calls/<slug:slug>/apply/submit/", apply.apply_send, name="apply_send"),
    path(
        "calls/<slug:slug>/apply/files/<int:document>/remove/",
        apply.remove_file,
        name="remove_file",
    ),
    path("calls/<slug:slug>/apply/<slug:step>/", apply.apply_step, name="apply_step"),
]

application_urls = [
    path("mine/", mine.application_list, name="application_list"),
    path("mine/<uuid:uuid>/", mine.application_detail, name="application_detail"),
    path("mine/<uuid:uuid>/withdraw/", mine.withdraw, name="withdraw"),
    path("mine/<uuid:uuid>/reply/", mine.reply, name="reply"),
    path("mine/<uuid:uuid>/questions/<int:pk>/", mine.answer_question, name="answer_question"),
    path("mine/<uuid:uuid>/interview/", interviews.interview, name="interview"),
    path("mine/<uuid:uuid>/interview.ics", interviews.calendar_file, name="interview_calendar"),
    path("files/<uuid:uuid>/", mine.application_file, name="application_file"),
]

departure_urls = [
    path("mine/<uuid:uuid>/departure/", departure.departure_detail, name="departure_detail"),
    path(
        "mine/<uuid:uuid>/departure/<slug:kind>/", departure.departure_item, name="departure_item"
    ),
    path("insurance/<uuid:uuid>/", departure.departure_file, name="departure_file"),
]

after_urls = [
    path("mine/<uuid:uuid>/survey/", after.survey, name="survey"),
    path("mine/<uuid:uuid>/story/", after.story, name="story"),
]

urlpatterns = [
    path("", calls.volunteer_index, name="volunteer_index"),
    *call_urls,
    *apply_urls,
    *application_urls,
    *departure_urls,
    *after_urls,
]
