"""The screens: one file a screen, thin. They show what is stored; they compute, merge and query nothing."""
