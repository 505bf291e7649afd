from django.db import migrations

from kb.editorial.unindexing import Unindex


class Migration(migrations.Migration):
    dependencies = [("sources", "0002_fewer_indexes")]

    operations = [
        Unindex(
            {
                "historicalagent": ("key",),
                "historicalcontribution": ("agent",),
                "historicalsource": ("in_reply_to", "key"),
                "historicalsource_derived_from": ("from_source", "id", "to_source"),
            }
        ),
    ]
