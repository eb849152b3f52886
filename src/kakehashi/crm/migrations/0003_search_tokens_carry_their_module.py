from django.db import migrations

# A module is an org's own, so that the index over all orgs' records finds those of one module without reading the others'.
FORWARD = """
UPDATE crm_record SET search = array_to_tsvector(
    ARRAY(SELECT crm_record.module_id || ':' || lexeme FROM unnest(search))
) WHERE search <> ''::tsvector
"""
BACKWARD = """
UPDATE crm_record SET search = array_to_tsvector(
    ARRAY(SELECT substr(lexeme, strpos(lexeme, ':') + 1) FROM unnest(search))
) WHERE search <> ''::tsvector
"""


class Migration(migrations.Migration):
    dependencies = [("crm", "0002_schema_version_never_repeats")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
