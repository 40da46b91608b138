"""The personal-data guard: points out what must not stand on a public page unless somebody answers for it.

Why: Luật 91/2025/QH15, and for children NĐ 56/2017 Điều 33. It reads what is written, not what a picture shows.
"""

from congtruong.core.personal_data.find import Section, find_in_html, find_in_rows, find_in_sections, find_in_text
from congtruong.core.personal_data.model import Finding, Kind, Own, Severity

__all__ = [
    "Finding",
    "Kind",
    "Own",
    "Section",
    "Severity",
    "find_in_html",
    "find_in_rows",
    "find_in_sections",
    "find_in_text",
]
