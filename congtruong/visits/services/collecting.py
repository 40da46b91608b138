"""Readings kept in memory until a thread of this process writes them: no visitor waits for the database."""

import logging
import threading
from collections import Counter
from datetime import date
from multiprocessing.util import Finalize

from django.conf import settings
from django.db import close_old_connections, connection

from congtruong.visits.services.writing import Reading, write_readings

logger = logging.getLogger(__name__)

# Between two writings. Ten seconds of a province's busiest hour stay far below; more is somebody playing with us.
MOST_PAGES = 5_000
MOST_OF_UNIT = 1_000


class Collector:
    """Counts in this process; what goes beyond the limits is not counted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[Reading] = Counter()
        self._of_unit: Counter[int] = Counter()
        self._thread: threading.Thread | None = None

    def note(self, *, unit_id: int, day: date, path: str) -> None:
        """Count one reading; returns at once."""
        reading = Reading(unit_id, day, path)
        with self._lock:
            is_new = reading not in self._counts
            if self._of_unit[unit_id] >= MOST_OF_UNIT or (is_new and len(self._counts) >= MOST_PAGES):
                return
            self._counts[reading] += 1
            self._of_unit[unit_id] += 1
            self._start()

    def write(self) -> int:
        """Write what was counted since the last time; returns how many readings were stored.

        What cannot be stored is lost and reported: counts matter less than the site's memory, and counting goes on.
        """
        with self._lock:
            counts, self._counts, self._of_unit = self._counts, Counter(), Counter()
        if not counts:
            return 0
        try:
            return write_readings(counts)
        except Exception:
            logger.exception("Lost %d readings", counts.total())
            return 0

    def _start(self) -> None:
        """Begin to write now and then, in the process that counts: threads do not outlive the fork of a server."""
        if self._thread is not None or not settings.VISITS_WRITE_SECONDS:
            return
        self._thread = threading.Thread(target=self._run, name="visits", daemon=True)
        self._thread.start()
        # A server process that stops first writes what it still holds.
        Finalize(None, self.write, exitpriority=10)

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(settings.VISITS_WRITE_SECONDS)
            close_old_connections()
            self.write()
            connection.close()


collector = Collector()
