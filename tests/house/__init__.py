"""The house itself: floors, sizes, names, what the wheel holds, and papers that must stay true."""
