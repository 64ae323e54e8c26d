# Everything the project can do, from a fresh clone: each target installs and builds what it needs, once.
# AVA_FLAGS reaches every run of the tests, for example: make test AVA_FLAGS=--tap

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Tests measure time and throughput: each step has the machine to itself, also under make -j.
.NOTPARALLEL:
AVA := node_modules/.bin/ava $(AVA_FLAGS)
HAIRPIN := node host-tools/cli/hairpin.mjs

# Installed once for each state of the lock file. The mark lies in node_modules, so deleting that installs anew.
INSTALLED := node_modules/.installed

$(INSTALLED): package-lock.json
	npm ci --ignore-scripts
	@touch $@

.PHONY: help build lab lab-deps browser-deps test test-lab test-differential test-nightly unit conformance bench test-espruino bench-espruino soak-espruino memory-espruino readme
.PHONY: soft-board checks checks-and-lines line-tests slow-tests kernel-tests nightly-bench nightly-judges nightly-differential nightly-fuzz

help: ## print this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name text; do \
		printf '  make %-15s %s\n' "$$name" "$$text"; done

build: $(INSTALLED) ## dist/firmware.js and dist/probe.js, each with its source map and a report
	@node --import tsx host-tools/build/main.ts

lab: build ## real Linux hosts talk through the firmware: the three scenes, hop by hop
	@$(HAIRPIN) lab

test: checks-and-lines unit slow-tests kernel-tests ## everything that can be checked on this machine

test-lab: build ## in network namespaces: bench, the firmware against Linux's NAT, judges such as nmap, stun, iperf3
	@$(AVA) --no-worker-threads --concurrency 1 --timeout 10m 'test/lab-bench/**/*.test.ts' \
		'test/lab-differential/**/*.test.ts' 'test/lab-judges/*.test.ts' \
		'test/lab-appliance/*.test.ts'

lab-deps: ## install what the lab and its tests need of the system (Debian, root)
	@sh test/system-packages.sh ip:iproute2 nft:nftables ping:iputils-ping unshare:util-linux setpriv:util-linux \
		taskset:util-linux curl:curl dhclient:isc-dhcp-client dig:bind9-dnsutils dnsmasq:dnsmasq-base hping3:hping3 \
		iperf3:iperf3 mtr:mtr-tiny natpmpc:natpmpc nmap:nmap socat:socat stun:stun-client \
		stund:stun-server syslogd:inetutils-syslogd tracepath:iputils-tracepath traceroute:traceroute tshark:tshark turnserver:coturn \
		turnutils_natdiscovery:coturn udhcpc:udhcpc udhcpd:udhcpd vsftpd:vsftpd

browser-deps: ## install the browser that pages and pictures are tested in (Debian, root)
	@sh test/system-packages.sh chromium:chromium

soft-board: build ## a board in software on a pseudo-terminal, to try the tools without hardware
	@node --import tsx test/device/board/main.ts

test-differential: build ## the firmware against Linux's NAT alone: SEED=run, SEQUENCE=one that failed
	@$(AVA) --no-worker-threads --timeout 10m 'test/lab-differential/**/*.test.ts'

test-nightly: nightly-fuzz nightly-differential nightly-judges nightly-bench ## a million inputs of the fuzzers, 10,000 sequences against Linux, minutes of silence, bench a hundred times; up to an hour

nightly-fuzz: build
	@node --import tsx test/fuzz/nightly.ts

nightly-differential: build
	@node --import tsx test/differential/nightly.ts

nightly-bench: build
	@node --import tsx test/lab-bench/nightly.ts

nightly-judges: build
	@$(AVA) --no-worker-threads --timeout 10m 'test/lab-judges/nightly/*.test.ts'

unit: build ## the tests that need no network, no privileges and no interpreter
	@node test/compile.mjs
	@$(AVA) --config ava.unit.config.mjs

conformance: build ## the tests of the checklist (RFC 4787, 5382, 5508, 7857, 1812), into docs/conformance.md
	@node --import tsx test/conformance/main.ts

bench: build ## packets per second, SPI bytes per packet, lab throughput
	@node --import tsx host-tools/measure/main.ts

test-espruino: build ## the bundle on real interpreters: ESPRUINO=path[:path], or espruino on PATH
	@if [ -n "$$ESPRUINO" ] || command -v espruino >/dev/null; then \
		$(AVA) --no-worker-threads --timeout 10m 'test/espruino/**/*.test.ts' test/dialect/interpreter.test.ts; \
	else \
		echo '*** SKIPPED: test-espruino. There is no Espruino interpreter here, so nothing was tested on one.'; \
		echo '*** Set ESPRUINO to one or more binaries (colon-separated), or put espruino on PATH.'; \
	fi

bench-espruino: build ## what a packet costs on real interpreters, in turns, held against test/ratchet.json
	@node --import tsx test/espruino/cost/main.ts

soak-espruino: build ## many frames (SOAK=100000) through the bundle in ESPRUINO, and no growth of memory
	@node --import tsx test/espruino/soak/main.ts

memory-espruino: build ## what the firmware takes of a board's memory, into docs/memory.md
	@node --import tsx test/espruino/memory/main.ts

readme: build ## write what README, docs and boards show anew: figure, pictures, listings, the boards' pages
	@UPDATE_README=1 $(AVA) test/lab-story/readme.test.ts test/lab-story/docs-page.test.ts test/bench/docs.test.ts \
		test/device/boards/folders.test.ts test/device/doctor/docs.test.ts test/device/settings/docs.test.ts test/explain/events.test.ts
	@UPDATE_README=1 $(AVA) --no-worker-threads --timeout 3m test/device-line/story.test.ts
	@node_modules/.bin/prettier --write --log-level warn docs/bench.md docs/cable.md docs/doctor.md docs/events.md 'boards/*/README.md'

# Types, lint and format: one core for prettier, the other for the rest. Types and the rules that need them are left to
# native programs: docs/decisions/0017-two-minutes.md.
checks: $(INSTALLED)
	@node_modules/.bin/prettier --check --log-level warn . & format=$$!; \
	node node_modules/typescript-7/bin/tsc -b && node_modules/.bin/oxlint --type-aware . && \
	node_modules/.bin/eslint --max-warnings 0 .; rest=$$?; \
	wait $$format && exit $$rest

# Tests of the build and its dialect, and the script that drives the firmware through every reason to drop and every
# request, with what it leaves unreached: they load compilers, and `make unit` is for the moment after a small change.
# And those of the serial line on pseudo-terminals, in processes: the serialport package crashes in a worker thread.
# And the npm package, packed and installed. And a month of a household, in seconds.
slow-tests: build
	@$(AVA) --timeout 3m 'test/build/**/*.test.ts' 'test/dialect/**/*.test.ts' 'test/coverage/**/*.test.ts' 'test/appliance/**/*.test.ts'

# Tests of serial lines in real time, in processes because the serialport package needs one: they wait most of their time.
line-tests: build
	@$(AVA) --no-worker-threads --concurrency 4 --timeout 3m 'test/device-line/**/*.test.ts' 'test/package/**/*.test.ts'

# Beside the build, which keeps one core busy, and beside tests that wait there is time for checks, which need neither.
checks-and-lines: $(INSTALLED)
	@$(MAKE) --no-print-directory checks & checks=$$!; \
	$(MAKE) --no-print-directory line-tests; lines=$$?; \
	wait $$checks && exit $$lines

# Tests that make network namespaces: in processes, because a namespace belongs to one, and one after the other. And
# those of pages and pictures in a real browser, where there is one.
kernel-tests: build
	@$(AVA) --config ava.lab.config.mjs --no-worker-threads
