package jobs_test

import (
	"testing"
	"testing/synctest"
	"time"

	"tandem/internal/jobs"
)

func TestAlive(t *testing.T) {
	k := newKit(t)
	if k.jobs.Alive() == nil {
		t.Error("alive before the start")
	}
	k.start()
	k.eventually("a look for work", func() bool { return k.jobs.Alive() == nil })
	k.must(k.jobs.Stop(t.Context()))
	if k.jobs.Alive() == nil {
		t.Error("alive after the stop")
	}
}

// eventually fails the test unless ok holds within ten seconds.
func (k *kit) eventually(what string, ok func() bool) {
	k.t.Helper()
	for range 1000 {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	k.t.Fatalf("waited in vain for %s", what)
}

// A queue that no longer looks for work is dead, unless all its workers are busy.
func TestPulse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := jobs.NewPulse(1)
		if p.Err() == nil {
			t.Error("alive before the first look")
		}
		p.Look()
		time.Sleep(15 * time.Second)
		if err := p.Err(); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Second)
		if p.Err() == nil {
			t.Error("alive without a look")
		}
		p.Work(func() {
			time.Sleep(time.Minute)
			if err := p.Err(); err != nil {
				t.Error("with all hands full:", err)
			}
		})
		if err := p.Err(); err != nil {
			t.Error("just after work:", err)
		}
	})
}
