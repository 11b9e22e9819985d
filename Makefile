# zkconsent: `make demo` shows it, `make test` checks it. Everything else is for developers.
.PHONY: demo demo-large test test-long test-faults bench bench-all bench-micro build lint format clean setup-demo setup-test setup-bench setup-lint
.DEFAULT_GOAL := demo

# One release build serves the demo and the tests.
SWIFT_BUILD := swift build -c release
SWIFT_TEST  := swift test -c release --disable-testable-imports --disable-xctest
BIN         := .build/release/zkconsent

demo: setup-demo build
	$(BIN) demo

demo-large: setup-demo build
	$(BIN) demo --large

build:
	$(SWIFT_BUILD) --product zkconsent

test: setup-test
	$(SWIFT_TEST)

# Everything that takes longer than a coffee: crash loops at full length, a full-schema bundle bit by bit, millions of cross-checks.
test-long: setup-test
	ZKCONSENT_LONG_TESTS=1 $(SWIFT_TEST)

# Removes each check of the verifier in turn; a named test must fail for each (docs/security.md).
test-faults: setup-test
	scripts/test-faults

# Whole workloads beside other libraries: a table, and bench.jsonl, bench.csv, bench.html with plots (docs/performance.md). BENCH=... adds options.
bench: setup-bench build
	$(BIN) bench --json $(BENCH) > bench.jsonl.part
	mv bench.jsonl.part bench.jsonl
	$(BIN) bench --from bench.jsonl --csv bench.csv --html bench.html --force

# Every table under Results of docs/performance.md, measured anew and put there: on an idle machine, an hour. BENCH="--small" leaves the million rows out.
bench-all: setup-bench build
	scripts/bench-all $(BENCH) bench-results

# Single operations, in a package of its own.
bench-micro: setup-bench
	swift run -c release --package-path Benchmarks zkconsent-microbenchmarks $(BENCH)

lint: setup-lint
	swift format lint --strict --recursive Package.swift Sources Tests circuits Benchmarks/Package.swift Benchmarks/Sources
	scripts/check-arm64

format:
	swift format --in-place --recursive Package.swift Sources Tests circuits Benchmarks/Package.swift Benchmarks/Sources

setup-demo:
	@scripts/setup demo

setup-test:
	@scripts/setup test

setup-bench:
	@scripts/setup bench

setup-lint:
	@scripts/setup lint

clean:
	rm -rf .build .build-faults Benchmarks/.build
