package referral

import "time"

// Pipeline is the sum of a list of referrals.
type Pipeline struct {
	// Total is how many referrals there are.
	Total int
	// Statuses count them by status and substatus, in the order of a deal's life.
	Statuses []StatusCount
	// Months are the values of the open ones by the month they close in, oldest first, and by
	// currency: amounts in different currencies are never added up.
	Months []MonthValue
	// Answers count how long Microsoft took to answer the connected referrals.
	Answers []AnswerCount
	// Expiring are those that expire before the week is over unless somebody answers, the next one
	// first, at most PageSize.
	Expiring []Referral
}

// StatusCount is how many referrals have this status and substatus.
type StatusCount struct {
	Status, Substatus string
	Count             int
}

// MonthValue is the value of the deals that close in a month. Month is YYYY-MM, empty for deals
// without a closing date.
type MonthValue struct {
	Month, Currency string
	Count           int
	Value           float64
}

// AnswerCount is how many connected referrals Microsoft answered within UpTo days. UpTo is 0 for
// those that took longer than the last limit, and -1 for those that are not answered yet.
type AnswerCount struct{ UpTo, Count int }

// Week is how far ahead Expiring looks.
const Week = 7 * 24 * time.Hour
