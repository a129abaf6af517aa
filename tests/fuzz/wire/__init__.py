"""Random requests to a served sandbox: it answers each as AWS would refuse or take it, goes on, and grows within its limits."""
