package jobs_test

import "testing"

// TestPostgres runs tests of this package again, on PostgreSQL: newKit looks at the name.
func TestPostgres(t *testing.T) {
	for name, test := range map[string]func(*testing.T){
		"accepted": TestSendIsAccepted,
		"clicks":   TestTwentyClicksSendOnce,
		"again":    TestAgainAfterNotFound,
		"replicas": testReplicas,
		"orphans":  testOrphans,
		"zero":     TestZeroByte,
		"refusal":  TestZeroByteInRefusal,
		"sweep":    TestSweepsAtStart,
		"change":   TestChangeIsAccepted,
		"changes":  TestTwentyClicksChangeOnce,
		"conflict": TestChangeMeetsChange,
	} {
		t.Run(name, test)
	}
}
