from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from congtruong.units.models.unit import Unit


class HostName(models.Model):
    """A host name under which a unit's portal answers; the others redirect to the canonical one."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.CASCADE, related_name="hosts")
    name = models.CharField("tên miền", max_length=253, unique=True)
    is_canonical = models.BooleanField("tên miền chính", default=False)

    class Meta:
        verbose_name = "tên miền"
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(is_canonical=True), name="one_canonical_host"),
            models.CheckConstraint(condition=Q(name=Lower("name")), name="host_name_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name


class CityLabel(models.Model):
    """The part of a school's host name that names its city or managing area, with the time it is in use."""

    label = models.CharField("nhãn", max_length=63)
    area = models.CharField("địa phương", max_length=120)
    from_on = models.DateField("từ ngày", null=True, blank=True)
    to_on = models.DateField("đến ngày", null=True, blank=True)
    source = models.CharField("nguồn", max_length=300, blank=True)

    class Meta:
        verbose_name = "nhãn địa phương"
        constraints = [
            models.UniqueConstraint(fields=["label", "from_on"], name="city_label_once"),
            models.UniqueConstraint(fields=["label"], condition=Q(from_on=None), name="city_label_once_undated"),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.area})"


class DomainSuffix(models.Model):
    """A suffix that tells namesakes apart (`q1`, `q3`), with the time it is in use."""

    suffix = models.CharField("hậu tố", max_length=30)
    area = models.CharField("địa phương", max_length=120)
    city_label = models.CharField("thuộc nhãn", max_length=63)
    from_on = models.DateField("từ ngày", null=True, blank=True)
    to_on = models.DateField("đến ngày", null=True, blank=True)
    source = models.CharField("nguồn", max_length=300, blank=True)

    class Meta:
        verbose_name = "hậu tố tên miền"
        constraints = [
            models.UniqueConstraint(fields=["city_label", "suffix", "from_on"], name="domain_suffix_once"),
            models.UniqueConstraint(
                fields=["city_label", "suffix"], condition=Q(from_on=None), name="domain_suffix_once_undated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.suffix} ({self.area})"
