"""What a corpus says of itself beside its samples: Croissant, licences by shard, a page to look at."""
