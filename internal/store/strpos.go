package store

import (
	"fmt"
	"strings"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// addStrpos adds PostgreSQL's function strpos to every SQLite connection that this process opens
// from now on. A search calls it for each row, so it is a function in SQLite's own form: one that
// the driver calls takes up to 1.6 times as long, instr and LIKE up to 2.5 times. The position is
// counted in bytes, from 1; 0 means not found. Adding it again does nothing.
func addStrpos() error {
	tls := libc.NewTLS()
	defer tls.Close()
	if code := sqlite3.Xsqlite3_auto_extension(tls, pointer(createStrpos)); code != sqlite3.SQLITE_OK {
		return fmt.Errorf("adding a function to SQLite: code %d", code)
	}
	return nil
}

// createStrpos is called by SQLite for each new connection and adds the function to it.
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

// strpos is called by SQLite for each row; args is the address of an array of its two arguments.
func strpos(tls *libc.TLS, call uintptr, _ int32, args uintptr) {
	values := *(**[2]uintptr)(unsafe.Pointer(&args))
	at := strings.Index(view(tls, values[0]), view(tls, values[1]))
	sqlite3.Xsqlite3_result_int64(tls, call, int64(at+1))
}

// view returns an argument's text without copying it. SQLite owns it: the string is valid only
// until the function that has the argument returns.
func view(tls *libc.TLS, value uintptr) string {
	text := sqlite3.Xsqlite3_value_text(tls, value)
	return unsafe.String(*(**byte)(unsafe.Pointer(&text)), sqlite3.Xsqlite3_value_bytes(tls, value))
}

// pointer returns a function in the form in which SQLite stores it. The address never changes, as f
// is a package-level function and no closure.
func pointer[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }
