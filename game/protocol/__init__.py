"""What crosses the wire: messages, snapshots, codec, links."""
