"""What everything else stands on: words, the contract of a snapshot, areas, targets, settings, errors, processes aside."""
