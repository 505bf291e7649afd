"""The desk's surface: Django's admin, one module per noun on one base class."""

from kb.admin import claim, correction, desk, event, importing, jobs, place, rebuttal

__all__ = ["claim", "correction", "desk", "event", "importing", "jobs", "place", "rebuttal"]
