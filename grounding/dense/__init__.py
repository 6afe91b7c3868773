"""What is asked about one screen: forms drawn from the dense record, and from it alone."""
