package config

// Known returns the names of all variables.
func Known() []string { return known() }
