"""The command line: ``python -m ektp_analysis``."""
