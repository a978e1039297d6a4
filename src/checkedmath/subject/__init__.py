"""What an author declares: quantities, functions, conventions, and letters of a text."""
