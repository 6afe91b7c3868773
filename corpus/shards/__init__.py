"""What is written: WebDataset tar shards, chat-form JSONL with pictures beside it, hashes of all."""
