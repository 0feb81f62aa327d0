# `make help` lists what there is. Two commands matter to a newcomer: `make run` and `make test`.

GO      ?= go
BIN     := build/bin
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
TOOL    := $(GO) tool -modfile=build/tools/go.mod
PKG     ?= ./...
FUZZTIME ?= 20s

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run build cli desktop frontend node_modules test check check-frontend race window screens lint fmt gen bindings bench \
	bench-accuracy bench-peers fuzz clean

help: ## What can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

setup: ## Install what is needed to build and test (Debian packages, npm packages of the SDK tests)
	@build/setup.sh

run: ## Install needs, build, and open the window; without a display, serve it to a browser and print the address
	@build/setup.sh run
	@build/run.sh

build: cli desktop ## Build the window, the command-line program and the desktop program into build/bin

cli: frontend
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN)/assay ./cmd/assay

desktop: frontend
	@build/desktop.sh $(BIN)/assay-desktop '$(LDFLAGS)'

frontend: node_modules ## Build the window's files into frontend/dist
	@cd frontend && npm run --silent build -- --logLevel warn

# npm ci removes and installs everything, so it runs only when the lock file is another one.
node_modules:
	@cmp -s frontend/package-lock.json frontend/node_modules/.assay-setup || { \
		cd frontend && npm ci --no-audit --no-fund --loglevel=error && cp package-lock.json node_modules/.assay-setup; }

test: setup check race window ## Everything CI checks

check: check-frontend ## The fast part of the checks: generated files, format, lint, types, the window's own tests, build
	@build/check-gen.sh
	@test -z "$$($(TOOL) gofumpt -modpath assay -l $$(git ls-files '*.go'))" || { $(TOOL) gofumpt -modpath assay -l $$(git ls-files '*.go'); echo 'not formatted: run `make fmt`'; exit 1; }
	$(GO) vet ./...
	$(TOOL) golangci-lint run
	CGO_ENABLED=0 $(GO) build -o /dev/null ./cmd/assay

check-frontend: frontend
	@build/check-size.sh
	cd frontend && npm run --silent check

race: frontend ## All tests of the Go packages under the race detector
	CGO_ENABLED=1 $(GO) test -race -timeout 20m $$($(GO) list $(PKG) | grep -v /test/window$$)

# By itself: it looks at how fast a window answers, and the programs it runs are not made with the race detector.
window: frontend ## The tests of the real window and of the window in a browser
	$(GO) test -timeout 15m -count=1 ./test/window

screens: frontend ## Save a picture of every screen and state, dark and light, in build/screens
	ASSAY_DESKTOP=none $(GO) test ./test/window -count=1 -timeout 10m -run TestScreens -pictures
	@ls build/screens

lint: ## golangci-lint alone
	$(TOOL) golangci-lint run

fmt: node_modules ## Format the files of Go and of the window
	$(TOOL) gofumpt -modpath assay -w $$(git ls-files '*.go')
	cd frontend && npm run --silent fix

gen: bindings ## Write the generated documents anew (filter language, clients), the bindings and the golden files
	$(GO) test ./traffic -run Docs -update
	$(GO) test ./proxy/launch -run Docs -update
	$(GO) test ./llm -run Conformance -update

bindings: ## Write what the window knows of Go anew (frontend/src/wailsjs)
	tsoutputtype=interfaces CGO_ENABLED=0 $(GO) run -tags bindings . >/dev/null

bench: build ## Print every figure of docs/benchmarks.md anew, as ratios against the direct path or a peer
	@build/bench.sh

bench-peers: cli ## The engine of tests beside promptfoo from npm, in one run
	@build/peers.sh

bench-accuracy: ## How right and how fast discovery is: every figure with the command that repeats it
	@build/accuracy.sh

fuzz: ## Run every fuzz target for FUZZTIME (20s) each
	@build/fuzz.sh $(FUZZTIME)

clean: ## Remove what was built
	rm -rf $(BIN) build/cache build/screens frontend/dist/assets frontend/dist/index.html coverage.out
