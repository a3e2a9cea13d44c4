import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

OPEN = ["received", "approved", "running"]


class Migration(migrations.Migration):
    dependencies = [("privacy", "0020_contract")]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_ref", models.UUIDField(db_index=True, help_text="Reference of who is away.", verbose_name="away")),
                ("stand_in_ref", models.UUIDField(db_index=True, help_text="Reference of who stands in.", verbose_name="stand-in")),
                ("begins_on", models.DateField(help_text="The first day away.", verbose_name="first day")),
                ("ends_on", models.DateField(db_index=True, help_text="The last day away.", verbose_name="last day")),
                (
                    "noted_at",
                    models.DateTimeField(default=django.utils.timezone.now, help_text="When it was noted.", verbose_name="noted"),
                ),
            ],
            options={"verbose_name": "absence", "verbose_name_plural": "absences"},
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "request_ref",
                    models.CharField(
                        help_text="Of the request or the breach; of a setting its name.", max_length=20, verbose_name="number"
                    ),
                ),
                ("due_on", models.DateField(help_text="The last day, as it was then.", verbose_name="due")),
                (
                    "days_left",
                    models.SmallIntegerField(help_text="7, 3, 1 or 0; below zero it was late.", verbose_name="days left"),
                ),
                (
                    "sent_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, help_text="When it went out.", verbose_name="sent"
                    ),
                ),
            ],
            options={"verbose_name": "alert", "verbose_name_plural": "alerts"},
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "item",
                    models.OneToOneField(
                        help_text="What has to be done.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignment",
                        to="privacy.agendaitem",
                        verbose_name="item",
                    ),
                ),
                (
                    "colleague_ref",
                    models.UUIDField(db_index=True, help_text="Reference of who looks after it.", verbose_name="colleague"),
                ),
                (
                    "assigned_at",
                    models.DateTimeField(default=django.utils.timezone.now, help_text="Since when.", verbose_name="since"),
                ),
            ],
            options={"verbose_name": "who looks after an item", "verbose_name_plural": "who looks after which item"},
        ),
        migrations.AddIndex(
            model_name="datasubjectrequest",
            index=models.Index(fields=["right", "closed_at"], name="privacy_request_closed_right"),
        ),
        migrations.AddIndex(
            model_name="datasubjectrequest",
            index=models.Index(fields=["channel", "closed_at"], name="privacy_request_closed_way"),
        ),
        migrations.AddIndex(
            model_name="datasubjectrequest",
            index=models.Index(
                condition=models.Q(("status__in", OPEN)), fields=["due_on", "id"], name="privacy_request_open_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("begins_on"))), name="privacy_absence_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("stand_in_ref", models.F("subject_ref")), _negated=True), name="privacy_nobody_stands_in_for_herself"
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(fields=("request_ref", "due_on", "days_left"), name="privacy_alert_once"),
        ),
    ]
