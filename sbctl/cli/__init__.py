"""What every command shares: options, questions, how a run begins and ends, and how lines to paste are spelled."""
