"""Addresses of the bibliography."""

from django.urls import path

from kb.views.records import compare, record, version
from sources.views import source_list

urlpatterns = [
    path("sources/", source_list, name="source_list"),
    path("sources/<slug:key>/", record, {"kind": "source"}, name="source"),
    path("sources/<slug:key>/v/<counting:number>/", version, {"kind": "source"}, name="source_version"),
    path("sources/<slug:key>/compare/", compare, {"kind": "source"}, name="source_compare"),
    path("agents/<slug:key>/", record, {"kind": "agent"}, name="agent"),
]
