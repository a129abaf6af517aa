"""Where flow files of sbctl 0.1 find FlowBuilder. It lives in `sbctl.flows.builder` now."""
