"""What each site's pages say: one module per site with `make(maker, page, query)`."""
