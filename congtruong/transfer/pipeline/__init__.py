"""From the files of a former site, and of our own archive, to plain records. Nothing here touches the database."""
