"""Values of running flows: references and what they find, conditions, telephone numbers, what ids mean."""
