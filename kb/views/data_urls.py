"""Addresses of the data beside pages: each is its page's, with an ending for the slash."""

from django.urls import path

from kb.views import data, feeds, listed

#: There is one policy, so its address has no key.
POLICY = {"kind": "naming-policy", "key": "naming-policy"}

urlpatterns = [
    *(
        path(f"{folder}/<slug:key>.json", data.record, {"kind": kind}, name=f"{kind}_json")
        for kind, folder in data.FOLDERS.items()
    ),
    *(
        path(
            f"{data.FOLDERS[kind]}/<slug:key>/v/<counting:number>.json",
            data.version,
            {"kind": kind},
            name=f"{kind}_version_json",
        )
        for kind in data.VERSIONED
    ),
    *(
        path(
            f"{data.FOLDERS[kind]}/<slug:key>/v/<counting:number>.<style:style>",
            data.citation,
            {"kind": kind},
            name=f"{kind}_citation",
        )
        for kind in data.VERSIONED
    ),
    *(
        path(f"{folder}.json", listed.as_page, {"kind": kind}, name=f"{kind}_list_json")
        for kind, (folder, _) in listed.LISTS.items()
    ),
    *(
        path(f"{folder}.csv", listed.as_csv, {"kind": kind}, name=f"{kind}_list_csv")
        for kind, (folder, _) in listed.LISTS.items()
    ),
    *(
        path(f"{folder}.atom", feeds.of_list, {"kind": kind}, name=f"{kind}_list_feed")
        for kind, (folder, _) in listed.LISTS.items()
    ),
    path("corrections/<counting:number>.json", data.correction, name="correction_json"),
    path("about.json", data.about, name="about_json"),
    path("about/names.json", data.record, POLICY, name="naming-policy_json"),
    path("about/names/v/<counting:number>.json", data.version, POLICY, name="naming-policy_version_json"),
    path(
        "about/names/v/<counting:number>.<style:style>",
        data.citation,
        POLICY,
        name="naming-policy_citation",
    ),
]
