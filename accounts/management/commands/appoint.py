"""manage.py appoint: give a member a role, or take it away."""

from privacy.management.person import PersonCommand

from ...misconduct import roles


class Command(PersonCommand):
    help = (
        "Give a member a role: moderator, custodian, data protection officer or her assistant, auditor, or who decides about partners; "
        "--dismiss takes it away."
    )

    def add_arguments(self, parser):
        parser.add_argument("role", choices=roles.ROLES)
        super().add_arguments(parser)
        parser.add_argument("--dismiss", action="store_true", help="take the role away")

    def act(self, subject, *, role, dismiss, **options):
        (roles.dismiss if dismiss else roles.appoint)(subject.root, role)
        self.stdout.write(f"{'no longer' if dismiss else 'now'} {role}")
