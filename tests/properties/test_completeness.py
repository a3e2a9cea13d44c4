"""Property 4: the declarations cover the database, column by column."""

import pytest
from django.core.checks import run_checks
from django.db import connection

from privacy.datamap import registry

pytestmark = pytest.mark.django_db


def declared():
    """table -> columns that a map or an exemption accounts for."""
    tables = {
        data_map.model._meta.db_table: {data_map.field(line).column for line in data_map.lines.values()}
        for data_map in registry.maps.values()
    }
    exempt = {model._meta.db_table: {field.column for field in model._meta.local_concrete_fields} for model in registry.exempt}
    return tables | exempt


def in_database():
    with connection.cursor() as cursor:
        return {
            table: {column.name for column in connection.introspection.get_table_description(cursor, table)}
            for table in connection.introspection.table_names(cursor)
        }


def test_every_column_of_the_database_is_declared():
    """G-23."""
    tables = in_database()

    undeclared = {table: columns for table, columns in tables.items() if table not in registry.infrastructure}

    assert undeclared == declared()


def test_every_infrastructure_table_exists_or_has_a_reason():
    assert all(registry.infrastructure.values())
    assert set(registry.infrastructure) - set(in_database()) <= {"cache"}


def test_the_checks_pass():
    assert run_checks(tags=["privacy"], include_deployment_checks=False) == []


def test_the_checks_of_the_database_pass():
    assert run_checks(tags=["privacy"], databases=["default"]) == []
