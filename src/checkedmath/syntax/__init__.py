"""What a text is made of, before anyone asks what its symbols mean."""
