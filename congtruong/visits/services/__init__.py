"""Counting readings: taken in memory, written together, old ones summed."""

from congtruong.visits.services.collecting import Collector, collector
from congtruong.visits.services.keeping import sum_old_days
from congtruong.visits.services.writing import Reading, write_readings

__all__ = ["Collector", "Reading", "collector", "sum_old_days", "write_readings"]
