"""What the kind of telephone numbers is made of: countries, claiming, and the flows that numbers lead to."""
