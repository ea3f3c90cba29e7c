# make run   practice mode on http://localhost:8080
# make test  everything

export GOFLAGS ?=
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo unknown)

.PHONY: run test build assets generate deps screenshots vulncheck image clean

run: build
	./bin/tandem practice

test: deps assets
	go test -race -timeout 12m ./...

build: assets
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/tandem .

# Styles and scripts: third-party files come from npm by the lockfile.
assets: static/dist/app.css

static/dist/app.css: node_modules/.package-lock.json static/build.mjs static/app.js $(wildcard static/css/*.css)
	node static/build.mjs
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

generate:
	go tool templ generate

# What the tests need and this machine lacks: a browser, and a C compiler for the race detector.
deps:
	@sh .ci/install chromium:chromium gcc:gcc

screenshots: deps assets
	go test -count=1 -run TestScreenshots . -screenshots docs/screenshots

# Needs the network.
vulncheck:
	go run golang.org/x/vuln/cmd/govulncheck@latest ./...

# Needs a container engine.
image:
	docker build -t tandem:$(VERSION) .

clean:
	rm -rf bin node_modules static/dist/*
