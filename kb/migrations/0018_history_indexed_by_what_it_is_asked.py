from django.db import migrations

from kb.editorial.unindexing import Unindex


class Migration(migrations.Migration):
    dependencies = [("kb", "0017_who_sees_merges"), ("sources", "0003_history_indexed_by_what_it_is_asked")]

    operations = [
        Unindex(
            {
                "historicalappearance": ("derived_from", "snapshot", "source"),
                "historicalappearance_claimants": ("agent", "appearance", "id"),
                "historicalassessment": ("confirmed_by", "proposed_by"),
                "historicalclaim": ("key",),
                "historicalclaim_events": ("claim", "event", "id"),
                "historicalclaim_places": ("claim", "id", "place"),
                "historicalclaim_topics": ("claim", "id", "topic"),
                "historicalconflictruling": ("ruled_by",),
                "historicalcorrection": ("claim", "corrects", "key", "number", "rebuttal"),
                "historicaldelivery": ("appearance", "correction", "key"),
                "historicaldesk": ("key",),
                "historicalevent": ("key", "part_of"),
                "historicalevent_after": ("from_event", "id", "to_event"),
                "historicalevent_participants": ("agent", "event", "id"),
                "historicalevent_places": ("event", "id", "place"),
                "historicalevidence": ("source",),
                "historicalnamingpolicy": ("key",),
                "historicalnamingrule": ("first", "place", "second"),
                "historicalplace": ("key", "part_of"),
                "historicalplacename": ("romanisation_of", "source"),
                "historicalplacename_used_by": ("agent", "id", "placename"),
                "historicalplacename_used_in": ("id", "placename", "source"),
                "historicalplacestatus": ("agent", "source"),
                "historicalrebuttal": (
                    "claim",
                    "decided_by",
                    "duplicate_of",
                    "key",
                    "raised_by",
                    "replies_to",
                    "source",
                    "submitted_by",
                ),
                "historicalrebuttal_appearances": ("appearance", "id", "rebuttal"),
                "historicalrebuttal_counterclaims": ("claim", "id", "rebuttal"),
                "historicalreview": ("reviewer", "source"),
                "historicalstatedvalue": (
                    "appearance",
                    "attribute",
                    "event",
                    "measured_from",
                    "place",
                    "relative_to",
                ),
                "historicaltopic": ("key",),
            }
        ),
    ]
