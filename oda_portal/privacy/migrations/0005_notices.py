import django.utils.timezone
from django.db import migrations

# What a new site begins with.
NOTICE = {
    'certificates.certificate': 30,
    'forums.papers_declined': 30,
    'forums.registration': 14,
    'pages.inquiry': 14,
    'partners.membership': 30,
    'partners.membership_refused': 30,
    'volunteers.not_selected': 30,
}
WHY = '파기 사전 안내 시작 · Notice before destruction begins · 开始发送销毁预告'


def begin_notices(apps, schema_editor):
    """Tables that were filled before say 0, which nobody chose: nobody could be told of these.

    A number that somebody set is theirs, and so is a 0 after it. Fewer days than are kept, as the
    form demands.
    """
    rules = apps.get_model('privacy', 'RetentionRule').objects
    history = apps.get_model('privacy', 'HistoricalRetentionRule').objects
    for rule in rules.filter(key__in=NOTICE, notice_days=0, days__gt=1):
        if history.filter(key=rule.key, notice_days__gt=0).exists():
            continue
        rule.notice_days = min(NOTICE[rule.key], rule.days - 1)
        rule.save(update_fields=['notice_days'])
        history.create(
            **{field.attname: getattr(rule, field.attname) for field in rule._meta.concrete_fields},
            history_type='~',
            history_date=django.utils.timezone.now(),
            history_change_reason=WHY,
        )


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0004_words_of_closed_requests'),
    ]

    operations = [
        migrations.RunPython(begin_notices, migrations.RunPython.noop, elidable=True),
    ]
