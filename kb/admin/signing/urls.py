"""The addresses of signing in, under /admin/."""

from django.contrib import admin
from django.urls import path

from kb.admin.signing import colleagues, own_account, signing_in

urlpatterns = [
    path("login/code/", signing_in.code, name="sign_in_code"),
    path("account/", admin.site.admin_view(own_account.account), name="own_account"),
    path("account/second-factor/", admin.site.admin_view(own_account.set_up), name="second_factor_set_up"),
    path("account/second-factor/off/", admin.site.admin_view(own_account.turn_off), name="second_factor_off"),
    path("account/recovery-codes/", admin.site.admin_view(own_account.renew_codes), name="recovery_codes"),
    path(
        "account/sign-out/", admin.site.admin_view(own_account.sign_out_elsewhere), name="sign_out_elsewhere"
    ),
    path("second-factors/", admin.site.admin_view(colleagues.people), name="second_factors"),
    path(
        "second-factors/<int:pk>/reset/", admin.site.admin_view(colleagues.reset), name="second_factor_reset"
    ),
]
