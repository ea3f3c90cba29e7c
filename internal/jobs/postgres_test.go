package jobs_test

import "testing"

// TestPostgres runs tests of this package again, on PostgreSQL: newKit looks at the name.
func TestPostgres(t *testing.T) {
	for name, test := range map[string]func(*testing.T){
		"begun":    testBegun,
		"in hand":  testInHand,
		"died":     testDiedInHand,
		"accepted": TestSendIsAccepted,
		"clicks":   TestTwentyClicksSendOnce,
		"again":    TestAgainAfterNotFound,
		"replicas": testReplicas,
		"orphans":  testOrphans,
		"late job": TestLateJob,
		"takeover": testTakeover,
		"fence":    testFence,
		"chaos":    TestChaos,
		"faults":   testFaults,
		"zero":     TestZeroByte,
		"refusal":  TestZeroByteInRefusal,
		"change":   TestChangeIsAccepted,
		"changes":  TestTwentyClicksChangeOnce,
		"conflict": TestChangeMeetsChange,
		"sweep":    TestRetention,
		"listing":  TestListing,
		"restore":  TestRestore,
	} {
		t.Run(name, test)
	}
}
