package store

import (
	"fmt"
	"strings"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// addStrpos gives each connection to SQLite that this process opens from now on PostgreSQL's function
// strpos, as a function of SQLite's own: a search calls it for every row, and to call one that the
// driver registers takes three times as long. SQLite's instr is slower than either. Where the text is
// found is counted in bytes. To add it once more does nothing.
func addStrpos() error {
	tls := libc.NewTLS()
	defer tls.Close()
	if code := sqlite3.Xsqlite3_auto_extension(tls, pointer(createStrpos)); code != sqlite3.SQLITE_OK {
		return fmt.Errorf("adding a function to SQLite: code %d", code)
	}
	return nil
}

// createStrpos is what SQLite calls for each new connection.
func createStrpos(tls *libc.TLS, db, _, _ uintptr) int32 {
	name, err := libc.CString("strpos")
	if err != nil {
		return sqlite3.SQLITE_NOMEM
	}
	defer libc.Xfree(tls, name)
	return sqlite3.Xsqlite3_create_function_v2(tls, db, name, 2,
		sqlite3.SQLITE_UTF8|sqlite3.SQLITE_DETERMINISTIC|sqlite3.SQLITE_INNOCUOUS, 0, pointer(strpos),
		0, 0, 0)
}

// strpos is the function as SQLite calls it, with the addresses of its arguments.
func strpos(tls *libc.TLS, call uintptr, _ int32, args uintptr) {
	values := *(**[2]uintptr)(unsafe.Pointer(&args))
	at := strings.Index(view(tls, values[0]), view(tls, values[1]))
	sqlite3.Xsqlite3_result_int64(tls, call, int64(at+1))
}

// view is a text of SQLite's while the function runs that has it as an argument.
func view(tls *libc.TLS, value uintptr) string {
	text := sqlite3.Xsqlite3_value_text(tls, value)
	return unsafe.String(*(**byte)(unsafe.Pointer(&text)), sqlite3.Xsqlite3_value_bytes(tls, value))
}

// pointer is a function as SQLite keeps it. That of a function without a receiver or variables of
// others never moves.
func pointer[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }
