"""What is watched while the script runs: one file for each check."""
