"""What a FlowBuilder makes: blocks, branches, and where each stands in the console's picture."""
