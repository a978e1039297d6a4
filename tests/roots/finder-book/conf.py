project = "A book about bread"
extensions = ["myst_parser", "bookkit.finder"]
html_theme = "basic"
html_copy_source = False
finder_first = {"faq": "Question"}
finder_table = "words.toml"
finder_browse = ["faq"]
