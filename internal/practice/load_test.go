package practice_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"tandem/internal/partnercenter"
	"tandem/internal/practice"
)

// TestListForNobody does not answer a caller who has given up, so that a busy simulator catches up.
func TestListForNobody(t *testing.T) {
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequest(http.MethodGet, "/v1.0/engagements/referrals", nil)
	w := httptest.NewRecorder()
	newAPI(t).sim.ServeHTTP(w, r.WithContext(gone))
	if w.Body.Len() != 0 {
		t.Errorf("a caller who is gone was answered %s", w.Body)
	}
}

// TestCapacity fills the simulator.
func TestCapacity(t *testing.T) {
	p, err := practice.New(practice.Options{BaseURL: baseURL, Capacity: 2})
	if err != nil {
		t.Fatal(err)
	}
	a := serve(t, p)
	call := a.as(t, priya)
	for range 2 {
		a.create(t, call, sample(t))
	}
	_, err = a.client.Create(t.Context(), call, encode(t, sample(t)))
	var failed *partnercenter.Error
	if !errors.As(err, &failed) || failed.Status != http.StatusInsufficientStorage {
		t.Errorf("creating a third: %v", err)
	}
	for _, n := range []int{-1, 50_001} {
		if _, err := practice.New(practice.Options{BaseURL: baseURL, Capacity: n}); err == nil {
			t.Errorf("a capacity of %d is taken", n)
		}
	}
}
