"""What machines show now, small: pictures that are named by what is on them."""
