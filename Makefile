PREFIX ?= /usr/local
SWIFT ?= swift
PROBLEM ?= problems/helmholtz-2d.toml

# Tests are built in release mode and without testable imports, so that they share every module with the program.
BUILD = $(SWIFT) build -c release --product ansatz
RUN = runs/$(basename $(notdir $(PROBLEM)))

.PHONY: build run test sanitize install check lint format setup clean

build: setup
	$(BUILD)

# Solves one problem, from a fresh clone to fields and figures.
run: build
	.build/release/ansatz solve $(PROBLEM) --overwrite
	@echo "fields:  $(RUN)/fields.h5"
	@echo "figures: $(RUN)/figures/"

test: setup
	$(SWIFT) test -c release --disable-testable-imports

# The tests with memory errors and data races watched for, in builds of their own: many minutes each. Left out are a test that
# measures the stack and those that kill runs by the clock, which both mean nothing here. Memory that is never freed is not
# counted: it belongs to constants of the program. The thread sanitizer needs its shadow memory at fixed addresses; it also maps a
# temporary file at the start, which kills the program under a test's limit on the size of files: without TEST_TMPDIR it does not.
SANITIZED = $(SWIFT) test -c release --disable-testable-imports --skip OnASmallStack --skip KillTests
sanitize: setup
	ASAN_OPTIONS=detect_leaks=0 $(SANITIZED) --scratch-path .build/address --sanitize address
	TEST_TMPDIR=/nowhere setarch -R $(SANITIZED) --scratch-path .build/thread --sanitize thread

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 .build/release/ansatz "$(DESTDIR)$(PREFIX)/bin/ansatz"
	install -d "$(DESTDIR)$(PREFIX)/share/ansatz/problems" "$(DESTDIR)$(PREFIX)/share/ansatz/data"
	install -m 644 problems/*.toml "$(DESTDIR)$(PREFIX)/share/ansatz/problems"
	install -m 644 data/*.h5 data/*.csv data/*.mtx "$(DESTDIR)$(PREFIX)/share/ansatz/data"
	install -d "$(DESTDIR)$(PREFIX)/share/ansatz/data/models"
	install -m 644 data/models/*.h5 "$(DESTDIR)$(PREFIX)/share/ansatz/data/models"

# Formatting and the short checks of the sources; no building.
check: lint
	@for script in scripts/checks/*; do "$$script" || exit 1; done

lint:
	$(SWIFT) format lint --strict --recursive Sources Tests Examples Package.swift

format:
	$(SWIFT) format --in-place --recursive Sources Tests Examples Package.swift

setup:
	@scripts/setup

clean:
	$(SWIFT) package clean
