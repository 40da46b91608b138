"""Bringing a former site in, taking everything out."""

from django.urls import path

from congtruong.console.views import transfer

urlpatterns = [
    path("chuyen-du-lieu/", transfer.index, name="transfer"),
    path("chuyen-du-lieu/tai-len/", transfer.upload, name="transfer-upload"),
    path("chuyen-du-lieu/xuat/", transfer.export, name="transfer-export"),
    path("chuyen-du-lieu/<int:job_id>/", transfer.job_page, name="transfer-job"),
    path("chuyen-du-lieu/<int:job_id>/bat-dau/", transfer.start, name="transfer-start"),
    path("chuyen-du-lieu/<int:job_id>/tiep-tuc/", transfer.resume, name="transfer-resume"),
    path("chuyen-du-lieu/<int:job_id>/huy/", transfer.cancel, name="transfer-cancel"),
    path("chuyen-du-lieu/<int:job_id>/tai-ve/", transfer.download, name="transfer-download"),
]
