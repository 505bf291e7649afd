"""The addresses of the site."""

import re

from django.contrib import admin
from django.urls import include, path, register_converter
from django.urls.converters import IntConverter, StringConverter
from django.views.generic import RedirectView

from kb.admin.accounts import FirstPasswordView
from kb.health import healthz
from kb.interchange.citing import STYLES
from kb.views import (
    api,
    challenge,
    dumps,
    feeds,
    home,
    ledger,
    lists,
    naming,
    search,
    search_data,
    sitemaps,
    speaking,
)
from kb.views.event_timeline import event_timeline
from kb.views.place_map import as_geojson, place_map
from kb.views.records import compare, record, version


class CountingNumber(IntConverter):
    """A number that a version or an entry of the ledger can have: from 1, and within what a database column holds."""

    regex = "[1-9][0-9]{0,8}"


register_converter(CountingNumber, "counting")


class CitationStyle(StringConverter):
    """The ending of a citation's file."""

    regex = "|".join(re.escape(ending) for ending in STYLES)


register_converter(CitationStyle, "style")

# All that the desk edits; its addresses follow from it.
admin.autodiscover()

#: There is one policy, so its address has no key.
POLICY = {"kind": "naming-policy", "key": "naming-policy"}

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/import/", include("kb.admin.wizard.urls")),
    path("admin/reports/", include("kb.admin.reports")),
    path("admin/first-password/<uidb64>/<token>/", FirstPasswordView.as_view(), name="first_password"),
    path("admin/", include("kb.admin.signing.urls")),
    path("admin/", admin.site.urls),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap_pages"),
    path("sitemaps/<counting:number>.xml", sitemaps.block, name="sitemap_block"),
    path("", home.home, name="home"),
    path("about/", home.about, name="about"),
    path("about/names/", home.naming_policy, name="naming-policy"),
    path("about/names/v/<counting:number>/", version, POLICY, name="naming-policy_version"),
    path("about/names/compare/", compare, POLICY, name="naming-policy_compare"),
    path("language/", speaking.choose, name="language"),
    path("names-first/", naming.choose, name="names_first"),
    path("challenge/", challenge.challenge, name="challenge"),
    path("challenge/<slug:code>/", challenge.standing, name="challenge_standing"),
    path("search/", search.results, name="search"),
    path("search/suggest/", search.suggestions, name="search_suggest"),
    path("", include("sources.urls")),
    path("places/map.json", as_geojson, name="place_map_json"),
    path("", include("kb.views.data_urls")),
    path("claims/", lists.claim_list, name="claim_list"),
    path("claims/<slug:key>/", record, {"kind": "claim"}, name="claim"),
    path("claims/<slug:key>/v/<counting:number>/", version, {"kind": "claim"}, name="claim_version"),
    path("claims/<slug:key>/compare/", compare, {"kind": "claim"}, name="claim_compare"),
    path("places/", lists.place_list, name="place_list"),
    path("places/map/", place_map, name="place_map"),
    path("places/<slug:key>/", record, {"kind": "place"}, name="place"),
    path("places/<slug:key>/v/<counting:number>/", version, {"kind": "place"}, name="place_version"),
    path("places/<slug:key>/compare/", compare, {"kind": "place"}, name="place_compare"),
    path("events/", lists.event_list, name="event_list"),
    path("events/<slug:key>/", record, {"kind": "event"}, name="event"),
    path("events/<slug:key>/v/<counting:number>/", version, {"kind": "event"}, name="event_version"),
    path("events/<slug:key>/compare/", compare, {"kind": "event"}, name="event_compare"),
    path("timeline/", event_timeline, name="timeline"),
    path("rebuttals/", lists.rebuttal_list, name="rebuttal_list"),
    path("rebuttals/<slug:key>/", record, {"kind": "rebuttal"}, name="rebuttal"),
    path("rebuttals/<slug:key>/v/<counting:number>/", version, {"kind": "rebuttal"}, name="rebuttal_version"),
    path("rebuttals/<slug:key>/compare/", compare, {"kind": "rebuttal"}, name="rebuttal_compare"),
    path("corrections/", lists.correction_list, name="correction_list"),
    path("corrections/check/", ledger.check, name="ledger_check"),
    path("corrections/ledger.json", ledger.entries, name="ledger_entries"),
    # Where the feed was before it stood beside its page.
    path("corrections/feed/", RedirectView.as_view(pattern_name="correction_list_feed", permanent=True)),
    path("search.json", search_data.results, name="search_json"),
    path("search.atom", feeds.of_search, name="search_feed"),
    path("places/<slug:key>.atom", feeds.about, {"kind": "place"}, name="place_feed"),
    path("sources/<slug:key>.atom", feeds.about, {"kind": "source"}, name="source_feed"),
    path("api/", api.page, name="api"),
    path("api/openapi.json", api.document, name="openapi"),
    path("data/", dumps.page, name="data"),
    path("data/manifest.json", dumps.manifest, name="dump_manifest"),
    path("data/<slug:name>.zip", dumps.file, name="dump_file"),
    path("corrections/<counting:number>/", home.correction, name="correction"),
    path("topics/<slug:key>/", record, {"kind": "topic"}, name="topic"),
]

handler400 = "kb.views.errors.bad_request"
handler403 = "kb.views.errors.forbidden"
handler404 = "kb.views.errors.not_found"
handler500 = "kb.views.errors.server_error"
