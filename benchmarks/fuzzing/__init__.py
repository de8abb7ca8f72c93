"""What `benchmarks.fuzz` asks, in the installation that it makes."""
