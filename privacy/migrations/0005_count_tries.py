"""How often it was tried whether it is she."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0004_archives_sealed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Identification",
            fields=[
                (
                    "subject_ref",
                    models.UUIDField(
                        help_text="Reference of the person concerned.", primary_key=True, serialize=False, verbose_name="person"
                    ),
                ),
                (
                    "tries",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Passwords and codes since the last right one.", verbose_name="tries"
                    ),
                ),
                (
                    "tried_at",
                    models.DateTimeField(
                        blank=True, help_text="When a password or a code was last typed.", null=True, verbose_name="last try"
                    ),
                ),
                (
                    "codes",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Codes that we mailed since the last right one.", verbose_name="codes"
                    ),
                ),
                (
                    "code_sent_at",
                    models.DateTimeField(blank=True, help_text="When we mailed the last one.", null=True, verbose_name="code sent"),
                ),
                (
                    "code_digest",
                    models.CharField(
                        blank=True, help_text="HMAC-SHA-256 of the last code.", max_length=64, verbose_name="digest of the code"
                    ),
                ),
            ],
            options={
                "verbose_name": "proof of identity",
                "verbose_name_plural": "proofs of identity",
            },
        ),
    ]
