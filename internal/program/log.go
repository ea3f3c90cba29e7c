package program

import (
	"fmt"
	"io"
	"log/slog"

	"tandem/internal/config"
	"tandem/static"
)

func newLog(c config.Config, out io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(out, options))
	}
	return slog.New(slog.NewTextHandler(out, options))
}

// greet tells on the terminal where to go, and what does not work as it should.
func (s *server) greet(out io.Writer) {
	if s.practice != nil {
		fmt.Fprintf(out, "Tandem in practice mode: open %s\nNothing is sent to Microsoft. "+
			"Stop with Ctrl+C.\n", s.config.BaseURL)
	}
	for _, warning := range s.config.Warnings {
		s.log.Warn(warning)
	}
	for _, name := range static.Missing() {
		s.log.Warn("pages work without it but look plain; run make assets", "missing", name)
	}
	s.log.Info("serving", "version", version, "address", s.url, "base_url", s.config.BaseURL)
}
