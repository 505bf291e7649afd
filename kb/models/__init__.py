"""The knowledge base: places, events, claims, rebuttals and corrections, one file per noun."""

from kb.models.claim import Appearance, Assessment, Claim, Evidence, Review, Topic
from kb.models.conflict import Conflict, ConflictRuling
from kb.models.correction import Correction, Delivery
from kb.models.desk import Desk, NamingPolicy, NamingRule
from kb.models.event import Event
from kb.models.importing import ImportBatch, ImportedRow, ImportJob, ImportProfile
from kb.models.intake import DailyNotice, Submission
from kb.models.merge import Merge
from kb.models.place import Place, PlaceName, PlaceStatus
from kb.models.rebuttal import Rebuttal
from kb.models.revision import SameRevision
from kb.models.similar import ClaimToIndex, ClaimWords, TermCount
from kb.models.value import Attribute, StatedValue
from kb.models.work import Assignment, WorkStep

__all__ = [
    "Appearance",
    "Assessment",
    "Assignment",
    "Attribute",
    "Claim",
    "ClaimToIndex",
    "ClaimWords",
    "Conflict",
    "ConflictRuling",
    "Correction",
    "DailyNotice",
    "Delivery",
    "Desk",
    "Event",
    "Evidence",
    "ImportBatch",
    "ImportJob",
    "ImportProfile",
    "ImportedRow",
    "Merge",
    "NamingPolicy",
    "NamingRule",
    "Place",
    "PlaceName",
    "PlaceStatus",
    "Rebuttal",
    "Review",
    "SameRevision",
    "StatedValue",
    "Submission",
    "TermCount",
    "Topic",
    "WorkStep",
]
