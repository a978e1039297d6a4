extensions = ["myst_nb", "bookkit.cells"]
myst_enable_extensions = ["dollarmath"]
html_theme = "basic"
nb_execution_mode = "cache"
nb_execution_in_temp = True
nb_execution_show_tb = True
nb_execution_timeout = 120  # a busy machine starts a kernel late
