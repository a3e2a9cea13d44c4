import django.utils.timezone
from django.db import migrations, models

from privacy.evidence.growing import RefuseChanges


class Migration(migrations.Migration):
    dependencies = [("privacy", "0025_post_and_messages")]

    operations = [
        migrations.CreateModel(
            name="SettingChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="Which setting, as PRIVACY calls it.", max_length=60, verbose_name="setting")),
                ("number", models.PositiveIntegerField(help_text="Of the steps of this setting, from 1.", verbose_name="number")),
                (
                    "step",
                    models.CharField(
                        choices=[("proposed", "proposed"), ("set", "in force"), ("refused", "refused")],
                        help_text="Whether it was proposed, set or refused.",
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                (
                    "value",
                    models.TextField(
                        blank=True, help_text="What the setting says: a number, or words of the organisation.", verbose_name="value"
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="The moment it was done; from then on it is in force.",
                        verbose_name="when",
                    ),
                ),
                ("entry_id", models.BigIntegerField(help_text="Number of the trail entry.", unique=True, verbose_name="entry")),
            ],
            options={
                "verbose_name": "change of a setting",
                "verbose_name_plural": "changes of settings",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="TrailCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "checked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, help_text="When the trail was read.", verbose_name="checked"
                    ),
                ),
                (
                    "head",
                    models.CharField(blank=True, help_text="The last root at that moment.", max_length=64, verbose_name="head"),
                ),
                ("seals", models.PositiveBigIntegerField(help_text="How many were checked.", verbose_name="seals")),
                (
                    "entries",
                    models.PositiveBigIntegerField(help_text="How many sealed entries were checked.", verbose_name="entries"),
                ),
                (
                    "faults",
                    models.JSONField(default=list, help_text="What did not fit, by number; at most twenty.", verbose_name="faults"),
                ),
            ],
            options={
                "verbose_name": "check of the trail",
                "verbose_name_plural": "checks of the trail",
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddConstraint(
            model_name="settingchange",
            constraint=models.UniqueConstraint(fields=("name", "number"), name="privacy_setting_changes_one_by_one"),
        ),
        migrations.AddIndex(
            model_name="trailentry",
            index=models.Index(fields=["at"], name="privacy_trail_by_time"),
        ),
        RefuseChanges("privacy_settingchange"),
        RefuseChanges("privacy_trailcheck"),
    ]
