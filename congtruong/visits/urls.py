from django.urls import path

from congtruong.visits.views import public

app_name = "visits"
urlpatterns = [path("luot-xem/", public.note, name="note")]
