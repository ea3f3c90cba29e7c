// Command tandem is a self-hosted web application with which sales reps at Microsoft partners enter
// co-sell referrals and send them to Microsoft's Partner Center as themselves.
//
//	tandem              serve
//	tandem practice     serve with stand-ins for Microsoft; nothing needs to be set
//	tandem migrate      bring the database up to date and stop
//	tandem healthcheck  ask the running server whether it is alive
//	tandem backup FILE  copy the SQLite database to a new file, also while it is used
//	tandem restored     say that the database was brought back from a copy of another origin
//	tandem version      tell which version this is
//	tandem help         tell which commands there are
//
// Settings come from the environment; see package config.
package main

import (
	"os"

	"tandem/internal/program"
)

func main() { os.Exit(program.Main()) }
