"""The recording of what one machine showed and did: log, codec, writer, reader."""
