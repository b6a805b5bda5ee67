"""Pages made of the results of all reports: compared, recommended, and followed over sessions."""
