"""Setting a project up, and reading it: init, adopt, config, flows, policies, cost."""
