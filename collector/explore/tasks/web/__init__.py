"""Tasks on our own sites, one module a site."""
