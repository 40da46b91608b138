from django.urls import path

from congtruong.console.views import visits

urlpatterns = [path("luot-xem/", visits.index, name="visits")]
