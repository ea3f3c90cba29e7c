# make run   practice mode on http://localhost:8080
# make test  everything

SHOTS := $(CURDIR)/docs/screenshots
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo unknown)

.PHONY: run test soak build assets generate deps screenshots bench bench-pg bench-program bench-go \
	bench-go-compare measure-lcp firefox vulncheck image clean

run: build
	./bin/tandem practice

# The race detector watches everything but SQLite itself, C translated to Go, whose watching takes
# most of the time and finds nothing of ours. Its caller stays watched.
test: deps assets
	go test -race -gcflags='modernc.org/sqlite/lib=-race=false' -timeout 30m ./...

# Ten thousand sends through the running program, one in twenty POSTs failing: about ten minutes.
soak:
	go test -count=1 -timeout 60m -run 'TestSoak$$' -v ./internal/program -soak.sends=10000

build: assets
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X tandem/internal/program.version=$(VERSION)' \
		-o bin/tandem .

# Styles and scripts: third-party files come from npm by the lockfile.
assets: static/dist/app.css

static/dist/app.css: node_modules/.package-lock.json static/build.mjs static/app.js \
		$(wildcard static/css/*.css static/css/*/*.css docs/screenshots/*.webp)
	node static/build.mjs
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

generate:
	go tool templ generate

# What the tests need and this machine lacks: two browsers, a C compiler for the race detector,
# and PostgreSQL.
deps:
	@sh .ci/install 'chromium:chromium fonts-liberation' 'gcc:gcc libc6-dev' \
		'initdb:postgresql' 'firefox-esr:firefox-esr'

# Takes the README's pictures from the running program, and all others into bin/pictures.
screenshots: deps assets
	rm -rf bin/pictures && mkdir -p docs/screenshots
	go test -count=1 -run 'TestJourney/script=true' ./internal/program -pictures $(CURDIR)/bin/pictures
	go test -count=1 -run 'TestCrawl$$|TestEmulated' ./internal/program -pictures $(CURDIR)/bin/pictures
	cd bin/pictures && \
	cp help-*.webp $(SHOTS) && \
	cp error-deal-details-new-referral-1280-light.png $(SHOTS)/step.png && \
	cp error-deal-details-new-referral-390-dark.png $(SHOTS)/step-phone-dark.png && \
	cp microsoft-s-response-test-cosell-invite-20-with-a-table-1280-light.png $(SHOTS)/response.png && \
	cp referrals-with-a-table-1280-light.png $(SHOTS)/list.png

# Measures Tandem on SQLite beside the bare limit; see docs/performance.md. With PROFILE=bin/cpu each
# operation leaves a CPU profile for go tool pprof.
bench: bench-program
	./bin/bench -program bin/tandem-bench -out bin/bench.md -profile '$(PROFILE)' $(BENCH)

# The same on a throw-away PostgreSQL, with one replica and with two.
bench-pg: bench-program
	./bin/bench -postgres -program bin/tandem-bench -out bin/bench-pg.md -profile '$(PROFILE)' $(BENCH)

bench-program: assets
	CGO_ENABLED=0 go build -trimpath -tags bench -o bin/tandem-bench .
	go build -o bin/bench ./internal/bench

# The parts of the hot path with their allocations, into a file; COUNT times, for benchstat.
COUNT ?= 6
GO_BENCH ?= bin/bench-go.txt
bench-go: assets
	@mkdir -p bin
	go test -run '^$$' -bench '^Benchmark(Session|Draft|SaveDraft|Send|FirstPage|Payload|StepPage|ListPage|ListPageChanged)$$' \
		-benchmem -benchtime 200ms -count $(COUNT) ./internal/store ./internal/referral ./handlers >$(GO_BENCH)

# OLD and NEW are files of bench-go. The first use needs the network.
bench-go-compare:
	go run golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da $(OLD) $(NEW)

# When pages have drawn their largest part on a slow network, ROUNDS times each.
ROUNDS ?= 5
measure-lcp: deps assets
	go test -count=1 -timeout 30m -v -run 'TestSlowNetwork$$' ./internal/program -slow $(ROUNDS)

# Compares pages in Firefox ESR and Chromium, and leaves pictures of both in bin/firefox to look at.
firefox: deps assets
	go test -count=1 -v -run 'TestFirefox$$' ./internal/program -firefox $(CURDIR)/bin/firefox

# Needs the network.
vulncheck:
	go run golang.org/x/vuln/cmd/govulncheck@latest ./...

# Needs a container engine.
image:
	docker build --build-arg VERSION=$(VERSION) -t tandem:$(VERSION) .

clean:
	rm -rf bin node_modules static/dist/*
