from datetime import timedelta

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def move_holds(apps, schema_editor):
    """A hold of the table becomes a hold with an end: a year is left to look at it."""
    rule_model = apps.get_model('privacy', 'RetentionRule')
    if 'hold' not in {field.name for field in rule_model._meta.get_fields()}:
        return  # tables made in one go from the models of today: nothing to move
    hold_model = apps.get_model('privacy', 'Hold')
    until = django.utils.timezone.localdate() + timedelta(days=365)
    for rule in rule_model.objects.filter(hold=True):
        hold_model.objects.create(key=rule.key, ground='law', reason=rule.hold_reason, until=until)
    # They had all been mailed.
    apps.get_model('privacy', 'RetentionNotice').objects.update(told_at=django.utils.timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('privacy', '0002_looks_by_account_and_address'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(blank=True, max_length=100, verbose_name='kind of data')),
                ('object_id', models.PositiveBigIntegerField(null=True, verbose_name='number')),
                ('ground', models.CharField(choices=[('lawsuit', 'A lawsuit'), ('audit', 'An audit or inspection'), ('request', 'A request that is being dealt with'), ('law', 'A law that requires keeping them')], max_length=10, verbose_name='ground')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('until', models.DateField(verbose_name='until')),
                ('set_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='set at')),
                ('lifted_at', models.DateTimeField(null=True, verbose_name='lifted at')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='hold',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='hold',
            name='content_type',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype', verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='hold',
            name='lifted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lifted by'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('content_type__isnull', False), ('key', ''), ('object_id__isnull', False)), models.Q(models.Q(('key', ''), _negated=True), ('content_type', None), ('object_id', None)), _connector='OR'), name='hold_has_one_object'),
        ),
        migrations.AlterModelOptions(
            name='retentionnotice',
            options={'ordering': ['destroy_on', 'pk']},
        ),
        migrations.AddField(
            model_name='retentionnotice',
            name='told_at',
            field=models.DateTimeField(null=True, verbose_name='told at'),
        ),
        migrations.RunPython(move_holds, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='retentionrule',
            name='retention_hold_has_a_reason',
        ),
        migrations.RemoveField(
            model_name='historicalretentionrule',
            name='hold',
        ),
        migrations.RemoveField(
            model_name='historicalretentionrule',
            name='hold_reason',
        ),
        migrations.RemoveField(
            model_name='retentionrule',
            name='hold',
        ),
        migrations.RemoveField(
            model_name='retentionrule',
            name='hold_reason',
        ),
        migrations.AddField(
            model_name='privacyrequest',
            name='extended_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='extended at'),
        ),
        migrations.AddField(
            model_name='privacyrequest',
            name='extension_reason',
            field=models.TextField(blank=True, max_length=500, verbose_name='reason for the extension'),
        ),
        migrations.AddConstraint(
            model_name='privacyrequest',
            constraint=models.CheckConstraint(condition=models.Q(('extended_at', None), models.Q(('extension_reason', ''), _negated=True), _connector='OR'), name='privacy_request_extension_says_why'),
        ),
    ]
