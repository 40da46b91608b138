from congtruong.units.models.areas import Ward, WardSuccession
from congtruong.units.models.authority import Oversight, Reach
from congtruong.units.models.domains import CityLabel, DomainSuffix, HostName
from congtruong.units.models.invitations import Invitation
from congtruong.units.models.people import Membership, User
from congtruong.units.models.unit import Unit

__all__ = [
    "CityLabel",
    "DomainSuffix",
    "HostName",
    "Invitation",
    "Membership",
    "Oversight",
    "Reach",
    "Unit",
    "User",
    "Ward",
    "WardSuccession",
]
