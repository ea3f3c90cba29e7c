package config

import (
	"net"
	"strconv"
	"time"
)

const (
	day = 24 * time.Hour

	defaultIdle     = 12 * time.Hour
	defaultAbsolute = 7 * day
	defaultDrafts   = 90 * day

	// defaultDrain suits load balancers that ask for readiness every second.
	defaultDrain = 5 * time.Second
	mostDrain    = time.Minute

	leastIdle    = 5 * time.Minute
	mostAbsolute = 30 * day
	// leastRetention keeps a mistaken unit, such as 90s for 90 days, from deleting today's work.
	leastRetention = day
)

// session returns the idle and the absolute limit of a session.
func (l *loader) session() (idle, absolute time.Duration) {
	idle, idleOK := l.duration(SessionIdle, defaultIdle)
	absolute, absoluteOK := l.duration(SessionAbsolute, defaultAbsolute)
	if absoluteOK && (absolute < leastIdle || absolute > mostAbsolute) {
		l.problem(SessionAbsolute, "is %s; use %s to %s", short(absolute), short(leastIdle),
			short(mostAbsolute))
		return idle, absolute
	}
	// A short absolute limit shortens the default idle limit as well.
	if _, set := l.values[SessionIdle]; !set {
		idle = min(idle, absolute)
	}
	if idleOK && absoluteOK && (idle < leastIdle || idle > absolute) {
		l.problem(SessionIdle, "is %s; use %s to %s, the value of %s", short(idle),
			short(leastIdle), short(absolute), SessionAbsolute)
	}
	return idle, absolute
}

// retention returns how long something is kept; zero means for good.
func (l *loader) retention(name string, fallback time.Duration) time.Duration {
	d, ok := l.duration(name, fallback)
	if ok && d != 0 && d < leastRetention {
		l.problem(name, "is %s; use %s or more, or 0 to keep everything", short(d),
			short(leastRetention))
	}
	return d
}

// drain returns how long to go on after the signal to stop.
func (l *loader) drain() time.Duration {
	fallback := defaultDrain
	if l.practice {
		fallback = 0
	}
	d, err := time.ParseDuration(l.value(Drain, fallback.String()))
	if err != nil || d < 0 || d > mostDrain {
		l.problem(Drain, "is %q; use seconds such as 5s, from 0s to %s", l.values[Drain], mostDrain)
	}
	return d
}

// duration returns a variable, or the fallback when it is not set. ok is false when it is no
// duration; the problem is then already noted.
func (l *loader) duration(name string, fallback time.Duration) (d time.Duration, ok bool) {
	d, err := time.ParseDuration(l.value(name, fallback.String()))
	if err != nil {
		l.problem(name, "is %q; use hours or minutes, such as 12h or 90m", l.values[name])
	}
	return d, err == nil
}

// short formats a duration without trailing zero minutes and seconds.
func short(d time.Duration) string {
	switch {
	case d%time.Hour == 0:
		return strconv.FormatInt(int64(d/time.Hour), 10) + "h"
	case d%time.Minute == 0:
		return strconv.FormatInt(int64(d/time.Minute), 10) + "m"
	}
	return d.String()
}

// metricsAddr returns where to serve metrics. It wants a port of its own rather than only another
// host: one of the two hosts may stand for every interface.
func (l *loader) metricsAddr(addr string) string {
	metrics := l.value(MetricsAddr, "")
	if metrics == "" {
		return ""
	}
	host, _, _ := net.SplitHostPort(metrics)
	p, ok := port(metrics)
	pages, _ := port(addr)
	switch {
	case !ok:
		l.problem(MetricsAddr, "is %q; use host:port, such as 127.0.0.1:9090", metrics)
	case p == pages && p != "0":
		l.problem(MetricsAddr, "needs another port than %s", Addr)
	case !loopback(host):
		l.warn(MetricsAddr, "is %q, which other machines may reach: it asks nobody who they are",
			metrics)
	}
	return metrics
}
