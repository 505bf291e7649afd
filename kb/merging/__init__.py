"""Records that turn out to be one: foreseen (`planning`), merged (`carrying_out`) and taken apart again (`undoing`)."""
