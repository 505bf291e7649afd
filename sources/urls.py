"""Addresses of the bibliography."""

from django.urls import path

from kb.views.records import record, version
from sources.views import source_list

urlpatterns = [
    path("sources/", source_list, name="source_list"),
    path("sources/<slug:key>/", record, {"kind": "source"}, name="source"),
    path("sources/<slug:key>/v/<counting:number>/", version, {"kind": "source"}, name="source_version"),
    path("agents/<slug:key>/", record, {"kind": "agent"}, name="agent"),
]
