"""manage.py appoint: give a member a role, or take it away."""

from privacy.management.person import PersonCommand

from ...misconduct import roles


class Command(PersonCommand):
    help = "Give a member the role of moderator, custodian or data protection officer; with --dismiss take it away."

    def add_arguments(self, parser):
        parser.add_argument("role", choices=roles.ROLES)
        super().add_arguments(parser)
        parser.add_argument("--dismiss", action="store_true", help="take the role away")

    def act(self, subject, *, role, dismiss, **options):
        (roles.dismiss if dismiss else roles.appoint)(subject.root, role)
        self.stdout.write(f"{'no longer' if dismiss else 'now'} {role}")
