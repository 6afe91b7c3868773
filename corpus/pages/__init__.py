"""Pages of HTML as blocks of clean text, with every picture where it stands in the page."""
