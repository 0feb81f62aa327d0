# `make help` lists what there is. Two commands matter to a newcomer: `make run` and `make test`.

GO      ?= go
BIN     := build/bin
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
TOOL    := $(GO) tool -modfile=build/tools/go.mod
PKG     ?= ./...
FUZZTIME ?= 20s

.DEFAULT_GOAL := help
.PHONY: help setup run build test check race lint fmt gen bench bench-accuracy fuzz clean

help: ## What can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

setup: ## Install what is needed to build and test (Debian packages, npm packages of the SDK tests)
	@build/setup.sh

build: ## Build the command-line program into build/bin
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN)/assay ./cmd/assay

run: ## Install needs, build, and record a demo against the practice target; keeps recording until Ctrl-C
	@build/setup.sh run
	@$(MAKE) --no-print-directory build
	@$(BIN)/assay demo

test: setup check race ## Everything CI checks

check: ## The fast part of the checks: generated files, format, lint, build
	@build/check-gen.sh
	@test -z "$$($(TOOL) gofumpt -modpath assay -l $$(git ls-files '*.go'))" || { $(TOOL) gofumpt -modpath assay -l $$(git ls-files '*.go'); echo 'not formatted: run `make fmt`'; exit 1; }
	$(GO) vet ./...
	$(TOOL) golangci-lint run
	CGO_ENABLED=0 $(GO) build -o /dev/null ./cmd/assay

race: ## All tests under the race detector
	CGO_ENABLED=1 $(GO) test -race -timeout 20m $(PKG)

lint: ## golangci-lint alone
	$(TOOL) golangci-lint run

fmt: ## Format the Go files
	$(TOOL) gofumpt -modpath assay -w $$(git ls-files '*.go')

gen: ## Write the generated documents anew (filter language, clients) and the golden files
	$(GO) test ./traffic -run Docs -update
	$(GO) test ./proxy/launch -run Docs -update
	$(GO) test ./llm -run Conformance -update

bench: build ## Print every figure of docs/benchmarks.md anew, as ratios against the direct path or a peer
	@build/bench.sh

bench-accuracy: ## How much of the recorded corpus is read right, fact by fact
	$(GO) test ./llm -run TestCorpus -v -count=1

fuzz: ## Run every fuzz target for FUZZTIME (20s) each
	@build/fuzz.sh $(FUZZTIME)

clean: ## Remove what was built
	rm -rf $(BIN) build/cache build/screens coverage.out
