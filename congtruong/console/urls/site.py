"""Screens by which a unit arranges its portal and its people."""

from django.urls import path

from congtruong.console.urls import members
from congtruong.console.views import home, settings, site, trail, year

urlpatterns = [
    *members.urlpatterns,
    path("menu/", site.menu, name="menu"),
    path("menu/bat-dau/", site.menu_start, name="menu-start"),
    path("menu/mac-dinh/", site.menu_reset, name="menu-reset"),
    path("menu/them/", site.menu_add, name="menu-add"),
    path("menu/<int:item_id>/", site.menu_item, name="menu-item"),
    path("menu/<int:item_id>/len/", site.menu_up, name="menu-up"),
    path("menu/<int:item_id>/xuong/", site.menu_down, name="menu-down"),
    path("menu/<int:item_id>/bo/", site.menu_remove, name="menu-remove"),
    path("lien-ket/", site.links, name="links"),
    path("lien-ket/them/", site.link_add, name="link-add"),
    path("lien-ket/<int:link_id>/", site.link, name="link"),
    path("lien-ket/<int:link_id>/len/", site.link_up, name="link-up"),
    path("lien-ket/<int:link_id>/xuong/", site.link_down, name="link-down"),
    path("lien-ket/<int:link_id>/bo/", site.link_remove, name="link-remove"),
    path("trang/", site.pages, name="pages"),
    path("trang/<int:post_id>/len/", site.page_up, name="page-up"),
    path("trang/<int:post_id>/xuong/", site.page_down, name="page-down"),
    path("trang/<int:post_id>/cho/", site.page_place, name="page-place"),
    path("trang-chu/", home.home, name="home"),
    path("trang-chu/viec/", home.quick, name="quick"),
    path("trang-chu/anh-bia/", home.banner, name="banner"),
    path("trang-chu/anh-bia/bo/", home.banner_remove, name="banner-remove"),
    path("trang-chu/anh/<str:key>/<str:name>", home.image, name="site-image"),
    path("trang-chu/<slug:block>/len/", home.home_up, name="home-up"),
    path("trang-chu/<slug:block>/xuong/", home.home_down, name="home-down"),
    path("trang-chu/<slug:block>/tat-mo/", home.home_switch, name="home-switch"),
    path("lien-he/", settings.contact, name="contact"),
    path("lien-he/da-kiem-tra/", settings.contact_checked, name="contact-checked"),
    path("cai-dat/", settings.settings, name="settings"),
    path("cai-dat/huy-hieu/", settings.crest, name="crest"),
    path("cai-dat/huy-hieu/bo/", settings.crest_remove, name="crest-remove"),
    path("ten-mien/", settings.hosts, name="hosts"),
    path("ten-mien/them/", settings.host_add, name="host-add"),
    path("ten-mien/<int:host_id>/bo/", settings.host_remove, name="host-remove"),
    path("nam-hoc/", year.year, name="year"),
    path("nam-hoc/bat-dau/", year.start, name="year-start"),
    path("nhat-ky/", trail.trail, name="trail"),
    path("nhat-ky/tai-ve/", trail.export, name="trail-export"),
]
