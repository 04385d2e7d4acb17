"""Take folders of documents in, with what a table says of them."""
