"""How much is accepted."""

MOST_BYTES = 50 * 1024 * 1024
# One part of a file sent in parts; well below what Django keeps in memory for other fields.
MOST_CHUNK = 4 * 1024 * 1024
# What an archive or an Office file may hold once unpacked.
MOST_ENTRIES = 5_000
MOST_EXPANDED = 400 * 1024 * 1024
# Spreadsheets of repeated rows reach 60; beyond this only a bomb does. Small archives are let be.
MOST_RATIO = 150
RATIO_FROM = 20 * 1024 * 1024
