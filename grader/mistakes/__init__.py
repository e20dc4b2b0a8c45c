"""What students get wrong, as rules on the reference: a module for each kind of place."""
