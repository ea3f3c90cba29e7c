package store

import (
	"context"
	"database/sql/driver"
	"errors"
)

// mostPrepared is how many statements a connection keeps. There has to be a bound, because
// statements that are put together from parts have many texts.
const mostPrepared = 200

// preparing is a connector to SQLite whose connections cache prepared statements: preparing one
// takes longer than running it. Users of the connections need not know.
type preparing struct {
	driver.Connector
	// whole says that statements ignore the end of their context: cancelling one would roll back
	// the whole transaction, which other writes may share. It is for short statements.
	whole bool
}

// Connect implements driver.Connector.
func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := c.(link)
	if !ok {
		return nil, errors.Join(errors.New("the driver lacks what keeping statements needs"), c.Close())
	}
	return &keeping{link: inner, whole: p.whole, kept: map[string]*prepared{}}, nil
}

// link is the interface of the driver's connections.
type link interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// keeping is a connection with its prepared statements by their text. database/sql lets one
// goroutine at a time use it.
type keeping struct {
	link
	whole bool
	kept  map[string]*prepared
}

// prepared is a cached statement. It is not used again while the rows of its last use are being
// read.
type prepared struct {
	statement
	busy bool
}

// statement is the interface of the driver's statements.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// ExecContext implements driver.ExecerContext.
func (k *keeping) ExecContext(
	ctx context.Context, query string, args []driver.NamedValue,
) (driver.Result, error) {
	ctx = k.uncut(ctx)
	p, err := k.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	defer k.release(query, p)
	return p.ExecContext(ctx, args)
}

// QueryContext implements driver.QueryerContext.
func (k *keeping) QueryContext(
	ctx context.Context, query string, args []driver.NamedValue,
) (driver.Rows, error) {
	ctx = k.uncut(ctx)
	p, err := k.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := p.QueryContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, k.release(query, p))
	}
	return &result{Rows: rows, release: func() error { return k.release(query, p) }}, nil
}

// uncut returns the context for running a statement. database/sql has checked just before that ctx
// has not ended.
func (k *keeping) uncut(ctx context.Context) context.Context {
	if k.whole {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// prepare returns a statement that is not in use. The caller releases it.
func (k *keeping) prepare(ctx context.Context, query string) (*prepared, error) {
	if p := k.kept[query]; p != nil && !p.busy {
		p.busy = true
		return p, nil
	}
	s, err := k.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	inner, ok := s.(statement)
	if !ok {
		return nil, errors.Join(errors.New("the driver's statements take no context"), s.Close())
	}
	return &prepared{statement: inner, busy: true}, nil
}

// release returns a statement to the cache. It is closed when the cache has one of the same text,
// and another one is closed when there are too many.
func (k *keeping) release(query string, p *prepared) error {
	switch k.kept[query] {
	case p:
		p.busy = false
		return nil
	case nil:
		err := k.makeRoom()
		k.kept[query], p.busy = p, false
		return err
	}
	return p.Close()
}

func (k *keeping) makeRoom() error {
	if len(k.kept) < mostPrepared {
		return nil
	}
	for query, p := range k.kept {
		if !p.busy {
			delete(k.kept, query)
			return p.Close()
		}
	}
	return nil
}

// Close closes the statements and the connection.
func (k *keeping) Close() error {
	var errs []error
	for _, p := range k.kept {
		errs = append(errs, p.statement.Close())
	}
	k.kept = nil
	return errors.Join(append(errs, k.link.Close())...)
}

// result is the rows of a prepared statement, which is free again once they are closed.
type result struct {
	driver.Rows
	release func() error
}

// Close implements driver.Rows.
func (r *result) Close() error {
	err := r.Rows.Close()
	if r.release != nil {
		err = errors.Join(err, r.release())
		r.release = nil
	}
	return err
}
