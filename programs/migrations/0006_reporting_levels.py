import django.db.models.deletion
from django.db import migrations, models


def have_measured(apps, schema_editor):
    """The worker measures what is said to have changed."""
    keys = apps.get_model('programs', 'Program').objects.values_list('pk', flat=True)
    Dirty = apps.get_model('publishing', 'Dirty')
    Dirty.objects.bulk_create(
        (Dirty(model='programs.program', object_id=str(key)) for key in keys.iterator()),
        batch_size=1000,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0005_files_of_the_library'),
        ('publishing', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReportingLevel',
            fields=[
                ('program', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='reporting_level', serialize=False, to='programs.program')),
                ('unmet', models.PositiveSmallIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['unmet'], name='reporting_level_unmet')],
            },
        ),
        migrations.RunPython(have_measured, migrations.RunPython.noop, elidable=True),
    ]
