"""From bytes to decisions. Pure: no database, no network; the caller fetches before and stores after."""
