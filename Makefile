# One recipe per job of CI. What a recipe needs and the machine lacks is installed first, with a
# line that says what and why. What is built is a target of its own, so nothing is built twice.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8000
CHROMIUM ?= chromium
CHROMEDRIVER ?= chromedriver
FIREFOX ?= firefox-esr
GECKODRIVER ?= target/tools/bin/geckodriver
WEBKITDRIVER ?= WebKitWebDriver

APP := examples/react-app
HTMX_APP := examples/htmx-app
PYTHON := $(CURDIR)/.venv/bin/python
ENGINES := test-chromium test-firefox test-webkit
TESTS := test-core fuzz mutants test-wasm test-codegen test-js test-twin test-packaging test-django test-example test-browser $(ENGINES)
# How long each target is fuzzed, in seconds.
FUZZ_TIME ?= 10

# In CI a lock file that does not fit is an error; here cargo brings it up to date.
LOCKED := $(if $(CI),--locked)
CARGO_WASM := $(LOCKED) --target wasm32-unknown-unknown
# The glue generator must be of exactly the version of the library it writes glue for.
BINDGEN_VERSION = $(shell sed -n '/^name = "wasm-bindgen"$$/{n;s/version = "\(.*\)"/\1/p;q}' Cargo.lock)
BINDGEN_STAMP := target/stamps/wasm-bindgen-$(BINDGEN_VERSION)
BINDGEN := target/tools/bin/wasm-bindgen --target web --remove-producers-section
GECKODRIVER_VERSION := 0.37.1
GECKODRIVER_STAMP := target/stamps/geckodriver-$(GECKODRIVER_VERSION)
WASM_OPT := node_modules/.bin/wasm-opt -Oz --converge --strip-debug
# What wasm-bindgen exports for its glue, which the runtime does without; memory that is zero at first; no
# hints of alignment, which engines do not heed and brotli has to say.
LEAN := --strip-target-features --remove-exports='__*' --zero-filled-memory --low-memory-unused \
  --one-caller-inline-max-function-size=20 --dealign
LOWER := --enable-bulk-memory --enable-bulk-memory-opt --enable-sign-ext --enable-nontrapping-float-to-int \
  --enable-mutable-globals --llvm-memory-copy-fill-lowering --llvm-nontrapping-fptoint-lowering --signext-lowering
# Statics lie above the stack. With a stack of a megabyte, which is usual, each of their addresses takes two
# bytes more in the code. The deepest calls need 600 bytes; a stack that overflows traps.
STACK := -C link-arg=-zstack-size=4096
# What makes loops faster by keeping more in locals makes them longer, too.
LOOPS := -C llvm-args=-disable-lsr -C llvm-args=-disable-machine-licm
FUZZ = target/fuzz/$(shell rustc --print host-tuple)/release
NODE_MODULES := node_modules/.package-lock.json
MATRIX := target/packaging/node_modules/.package-lock.json
PACKED := target/packaging/mizan-runtime.tgz
NOTES := target/packaging/schema.json
ESLINT := codegen/tests/eslint/node_modules/.package-lock.json
BENCH_MODULES := bench/node_modules/.package-lock.json
VENV := .venv/installed

MANIFESTS := Cargo.toml Cargo.lock core/Cargo.toml codegen/Cargo.toml
# One with the machine, one that writes headers (see the features in Cargo.toml).
RUNTIME := target/wasm/machine.wasm target/wasm/writer.wasm
# The machine of fragments comes as its twin only: a page of htmx needs no WebAssembly.
TWINS := $(RUNTIME:.wasm=.twin.js) target/wasm/fragments.twin.js
GENERATOR := target/generate/mizan_codegen_bg.wasm
PACKAGE := pkg/dist/index.js pkg/dist/generate/mizan_codegen_bg.wasm
# What Django serves of it.
SCRIPTS := $(addprefix django/src/django_mizan/static/mizan/,mizan.global.js mizan.js.global.js mizan-htmx.js)
SCHEMA := target/schema.json
GENERATE := node pkg/bin/mizan-generate.js --schema $(SCHEMA) --out
GENERATED := target/stamps/generated
FRONTEND := $(APP)/frontend/dist/.vite/manifest.json

files = $(shell find $(1) -type f -name '$(2)' | sort)

# $(call need,command,what for,where from): a tool that make does not install.
need = @command -v $(1) >/dev/null || { echo >&2 "$(1) is missing. It $(2). Install it from $(3)."; exit 1; }
# $(call apt,package,what for): after `||`.
apt = { echo "Installing $(1) with apt: it $(2) (a minute or two)."; \
  { [ "$$(id -u)" = 0 ] && apt-get -qq update \
    && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends $(1) >/dev/null; } \
  || { echo >&2 "$(1) is missing and cannot be installed from here. It $(2). As root: apt-get install $(1)"; exit 1; }; }
# $(call browser,variable,package,what for): the program that the variable names, which may be set.
browser = @command -v '$($(1))' >/dev/null \
  || { [ '$(origin $(1))' = file ] || { echo >&2 "$(1)=$($(1)) is not there. It should be what $(3)."; exit 1; }; \
    $(call apt,$(2),$(3)); }

.PHONY: help
help: ## List the recipes
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 15

.PHONY: demo
demo: tools free-port $(FRONTEND) ## Build everything and serve the team board on PORT (8000); Ctrl-C stops it
	@cd $(APP) && $(PYTHON) manage.py migrate -v0
	@cd $(APP) && $(PYTHON) manage.py seed
	@cd $(APP) && PORT='$(PORT)' exec $(PYTHON) manage.py demo

.PHONY: demo-htmx
demo-htmx: packagers python3 free-port $(NODE_MODULES) $(SCRIPTS) $(VENV) ## The same board in pages of Django templates, with HTMX=4 or 2; needs no build of its own
	@cd $(HTMX_APP) && $(PYTHON) manage.py migrate -v0
	@cd $(HTMX_APP) && $(PYTHON) manage.py seed
	@cd $(HTMX_APP) && PORT='$(PORT)' HTMX='$(HTMX)' exec $(PYTHON) manage.py demo

.PHONY: build
build: packagers $(PACKAGE) $(SCRIPTS) ## Build pkg/, complete and ready for npm pack, and the scripts that Django serves

.PHONY: test
test: | tools ## Run all tests; the last line is "N passed, N failed"
	@MAKE='$(MAKE)' node tests/tally.js $(TESTS)

.PHONY: test-core
test-core: | cargo ## Rust: the core and its vectors
	cargo test $(LOCKED) -p mizan-core --no-fail-fast -- --show-output

.PHONY: fuzz
fuzz: node | fuzz-targets ## Search FUZZ_TIME (10) seconds for what breaks each fuzz target; or FUZZ_TARGET= with FUZZ_INPUT=
	@FUZZ_TIME='$(FUZZ_TIME)' node core/fuzz/runner.js '$(FUZZ)' $(FUZZ_TARGET) $(FUZZ_INPUT)

.PHONY: fuzz-corpus
fuzz-corpus: node | fuzz-targets ## Keep in core/fuzz/corpus what the searches have found, and nothing twice
	@node core/fuzz/runner.js '$(FUZZ)' --keep

.PHONY: mutants
mutants: node | cargo ## Break the core in many ways, one at a time: the tests must notice each
	@node core/mutants/runner.js

.PHONY: test-wasm
test-wasm: target/webdriver.json | $(BINDGEN_STAMP) rust-wasm chromium chromedriver ## The runtime and its vectors as wasm, in Chromium
	CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER='$(CURDIR)/target/tools/bin/wasm-bindgen-test-runner' \
	WASM_BINDGEN_TEST_WEBDRIVER_JSON='$(CURDIR)/target/webdriver.json' WASM_BINDGEN_TEST_TIMEOUT=120 \
	CHROMEDRIVER="$$(command -v '$(CHROMEDRIVER)')" \
	cargo test $(CARGO_WASM) -p mizan-runtime --no-fail-fast

.PHONY: test-codegen
test-codegen: packagers chromium $(PACKAGE) $(ESLINT) ## The generator: golden files, errors, tsc and ESLint over its output, Node, Vite with a page
	cargo test $(LOCKED) -p mizan-codegen --no-fail-fast -- --include-ignored
	CHROMIUM="$$(command -v '$(CHROMIUM)')" \
	node --test --test-reporter=spec --test-timeout=120000 codegen/tests/*.test.js

.PHONY: test-js
test-js: packagers $(PACKAGE) ## The JavaScript of the package, its size, the tally of the tests
	node --test --test-reporter=spec --test-timeout=120000 $$(find js tests/*.test.js -name '*.test.*js' | sort)

.PHONY: test-twin
test-twin: packagers $(PACKAGE) ## The same with the twin of the WebAssembly, and nothing that makes code of text
	NODE_OPTIONS="$${NODE_OPTIONS:-} --conditions=mizan-js --disallow-code-generation-from-strings" \
	node --test --test-reporter=spec --test-timeout=120000 $$(find js/test -name '*.test.*js' | sort)

.PHONY: test-packaging
test-packaging: tools chromium $(PACKED) $(NOTES) ## The packed package in bundlers, servers and test runners
	CHROMIUM="$$(command -v '$(CHROMIUM)')" PYTHON='$(PYTHON)' \
	node --test --test-reporter=spec --test-concurrency=2 --test-timeout=300000 tests/packaging/*.test.js

.PHONY: test-django
test-django: packagers $(SCRIPTS) $(VENV) ## The Python package
	cd django && $(PYTHON) -m pytest

.PHONY: test-example
test-example: tools $(FRONTEND) $(VENV) ## The examples' Django side
	cd $(APP) && $(PYTHON) -m pytest
	cd $(HTMX_APP) && $(PYTHON) -m pytest

.PHONY: test-browser
test-browser: tools chromium $(FRONTEND) $(SCRIPTS) ## The examples in Chromium, with their real servers
	CHROMIUM="$$(command -v '$(CHROMIUM)')" PYTHON='$(PYTHON)' \
	node --test --test-reporter=spec --test-timeout=300000 tests/browser/*.test.js

.PHONY: test-browsers
test-browsers: | tools ## Pages in all three engines; the last line is "N passed, N failed"
	@MAKE='$(MAKE)' node tests/tally.js $(ENGINES)

# $(call engine,name,programs): runs the suite of tests/engines in it.
engine = ENGINE=$(1) $(foreach program,$(2),$(program)="$$(command -v '$($(program))')") PYTHON='$(PYTHON)' \
	$(3) node --test --test-reporter=spec --test-timeout=300000 tests/engines/*.test.js

.PHONY: test-chromium
test-chromium: packagers $(PACKAGE) $(SCRIPTS) $(VENV) chromium chromedriver ## Pages in Chromium, with a real server
	$(call engine,chromium,CHROMIUM CHROMEDRIVER)

.PHONY: test-firefox
test-firefox: packagers $(PACKAGE) $(SCRIPTS) $(VENV) firefox geckodriver ## The same in Firefox
	$(call engine,firefox,FIREFOX GECKODRIVER)

.PHONY: test-webkit
test-webkit: packagers $(PACKAGE) $(SCRIPTS) $(VENV) webkitdriver ## The same in WebKitGTK
	$(call engine,webkit,WEBKITDRIVER,xvfb-run -a)

.PHONY: lint
lint: tools lint-rust lint-js lint-python lint-generated ## Check formats, lints and types

.PHONY: lint-rust
lint-rust: | rust-wasm c++ ## rustfmt and clippy, natively and for wasm
	cargo fmt --all --check
	cargo fmt --manifest-path core/fuzz/Cargo.toml --check
	cargo clippy -q $(LOCKED) --workspace --all-targets -- -D warnings
	cargo clippy -q $(CARGO_WASM) -p mizan-runtime --lib --no-default-features --features standalone,machine -- -D warnings
	cargo clippy -q $(CARGO_WASM) -p mizan-runtime --lib --no-default-features --features standalone,writer -- -D warnings
	cargo clippy -q $(CARGO_WASM) -p mizan-runtime --lib --no-default-features --features standalone,fragments -- -D warnings
	cargo clippy -q $(CARGO_WASM) -p mizan-runtime --all-targets -- -D warnings
	cargo clippy -q $(CARGO_WASM) -p mizan-codegen --lib -- -D warnings
	cargo clippy -q $(LOCKED) --manifest-path core/fuzz/Cargo.toml --target-dir target/fuzz -- -D warnings

.PHONY: lint-js
lint-js: packagers $(PACKAGE) ## biome and tsc
	node_modules/.bin/biome ci $(if $(CI),--colors=off)
	node_modules/.bin/tsc -p js
	node_modules/.bin/tsc -p codegen/js --noEmit
	npm run --silent check --workspace react-app

.PHONY: lint-python
lint-python: $(VENV) ## ruff and mypy
	.venv/bin/ruff check django $(APP) $(HTMX_APP) tests
	.venv/bin/ruff format --check django $(APP) $(HTMX_APP) tests
	cd django && ../.venv/bin/mypy --strict

.PHONY: lint-generated
lint-generated: tools $(SCHEMA) ## The example's generated code is what the generator writes
	rm -rf target/mizan
	$(GENERATE) target/mizan >/dev/null
	diff -r target/mizan $(APP)/frontend/src/mizan

.PHONY: size
size: packagers $(PACKAGE) ## Print what a page downloads, and which function of the wasm how much; WRITE=1 writes the READMEs' tables
	@node js/size.mjs

.PHONY: counts
counts: packagers $(PACKAGE) ## Print what operations cost, counted and not timed; WRITE=1 keeps it
	@node js/counts.mjs

.PHONY: bench
bench: packagers chromium $(PACKAGE) $(BENCH_MODULES) ## Compare the runtime with its peers (ten minutes); or ONLY="Chromium bodies", TIMES=1
	@node --test --test-reporter=dot bench/*.test.js
	@CHROMIUM="$$(command -v '$(CHROMIUM)')" ONLY='$(ONLY)' TIMES='$(TIMES)' node bench/runner.js

.PHONY: clean
clean: ## Remove what was built; tools and dependencies stay
	rm -rf target/{debug,release,wasm32-unknown-unknown,wasm,generate,fuzz,mutants,packaging/apps,react-app,screenshots,vite} $(SCHEMA) $(GENERATED) pkg/dist django/src/django_mizan/static $(APP)/frontend/dist

# What is built.

target/wasm/%.wasm: $(MANIFESTS) $(call files,core/src src,*.rs) | rust-wasm $(BINDGEN_STAMP) $(NODE_MODULES)
	@echo "Building the runtime's $*: Rust to wasm (a minute at first)."
	@cargo rustc -q --release $(CARGO_WASM) -p mizan-runtime --lib --no-default-features --features standalone,$* \
	  --crate-type cdylib -- $(STACK) $(LOOPS)
	@$(BINDGEN) --out-dir target/wasm/glue --out-name $* target/wasm32-unknown-unknown/release/mizan_runtime.wasm
	@$(WASM_OPT) --symbolmap=target/wasm/$*.map $(LEAN) target/wasm/glue/$*_bg.wasm -o $@

# All come out of cargo under one name: one after the other.
target/wasm/writer.wasm: | target/wasm/machine.wasm
target/wasm/fragments.wasm: | target/wasm/writer.wasm

# From what wasm-bindgen has written: JavaScript needs to know what is aligned. It has neither the copying nor
# the conversions that WebAssembly has since its first version. Its functions cost less than its loops.
target/wasm/%.twin.js: target/wasm/%.wasm
	@$(WASM_OPT) --flatten --rereloop -Oz $(subst size=20,size=0,$(LEAN:--dealign=)) $(LOWER) target/wasm/glue/$*_bg.wasm -o target/wasm/$*.mvp.wasm
	@node_modules/.bin/wasm2js --mvp-features --enable-mutable-globals -Oz target/wasm/$*.mvp.wasm -o $@

$(GENERATOR): $(MANIFESTS) $(call files,codegen/src,*.rs) | rust-wasm $(BINDGEN_STAMP) $(NODE_MODULES)
	@echo "Building the generator: Rust to wasm (a minute at first)."
	@cargo build -q --release $(CARGO_WASM) -p mizan-codegen --lib
	@$(BINDGEN) --no-typescript --out-dir target/generate \
	  target/wasm32-unknown-unknown/release/mizan_codegen.wasm
	@$(WASM_OPT) $@ -o $@

# In its folder, whose settings are for it alone; those of the surroundings would take their place.
.PHONY: fuzz-targets
fuzz-targets: | cargo c++
	@cd core/fuzz && env -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS \
	  cargo build -q --release $(LOCKED) --target "$$(rustc --print host-tuple)" --target-dir ../../target/fuzz

pkg/dist/index.js: $(RUNTIME) $(TWINS) js/build.mjs js/pack.mjs js/twin.mjs js/binary.mjs $(wildcard js/tsconfig*.json) pkg/package.json $(call files,js/src,*.ts) LICENSE | $(NODE_MODULES)
	@echo "Building pkg/dist (a few seconds)."
	@node js/build.mjs

pkg/dist/generate/%: pkg/dist/index.js $(GENERATOR) $(call files,codegen/js,*.ts) codegen/js/tsconfig.json
	@rm -rf pkg/dist/generate
	@cp -R target/generate pkg/dist/generate
	@node_modules/.bin/tsc -p codegen/js
	@cd pkg/dist/generate && rm $(filter-out index.d.ts vite.d.ts,$(patsubst codegen/js/%.ts,%.d.ts,$(filter-out %.d.ts,$(wildcard codegen/js/*.ts))))
	@touch $@

django/src/django_mizan/static/mizan/%: pkg/dist/index.js
	@mkdir -p $(@D)
	@cp pkg/dist/$* $@

$(SCHEMA): $(PACKAGE) $(call files,django/src $(APP)/board $(APP)/teamboard,*.py) | $(VENV)
	@cd $(APP) && $(PYTHON) manage.py mizan_schema --out '$(CURDIR)/$@'
	@touch $@

# As npm would unpack it, but without asking a registry for anything.
$(PACKED): $(PACKAGE) $(call files,pkg -not -path '*/node_modules/*' -not -path '*/dist/*',*) $(MATRIX)
	@rm -rf $(@D)/node_modules/@mizan $(@D)/mizan-runtime*.tgz
	@cd pkg && npm pack --silent --pack-destination ../$(@D) >/dev/null
	@mkdir -p $(@D)/node_modules/@mizan/runtime
	@mv $(@D)/mizan-runtime-*.tgz $@
	@tar -xzf $@ -C $(@D)/node_modules/@mizan/runtime --strip-components=1

$(NOTES): $(call files,django/src tests/engines/site,*.py) | $(VENV)
	@mkdir -p $(@D)
	@cd tests/engines/site && FOLDER='$(CURDIR)/target' DJANGO_SETTINGS_MODULE=notes.settings \
	  $(PYTHON) -B -m django mizan_schema --out '$(CURDIR)/$@'

$(GENERATED): $(SCHEMA)
	@mkdir -p $(@D)
	@$(GENERATE) $(APP)/frontend/src/mizan
	@touch $@

$(FRONTEND): $(GENERATED) $(call files,$(APP)/frontend -not -path '*/dist/*' -not -path '*/mizan/*',*) $(APP)/package.json
	@echo "Building the example's front end (a few seconds)."
	@npm run --silent build --workspace react-app -- --logLevel warn

# What is installed.

$(NODE_MODULES): package-lock.json package.json pkg/package.json $(APP)/package.json | node npm
	@echo "Installing the Node modules of package-lock.json: compilers, linters, React (half a minute)."
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# In a folder of its own, as a stranger's app has it.
$(MATRIX): tests/packaging/package.json tests/packaging/package-lock.json tests/packaging/.npmrc | node npm
	@echo "Installing what the package is tested in: bundlers, Next.js, Vitest, Jest, Bun, Deno, workerd (1.1 GB; a minute)."
	@mkdir -p target/packaging
	@cp $^ target/packaging
	@cd target/packaging && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(ESLINT): codegen/tests/eslint/package-lock.json codegen/tests/eslint/package.json | node npm
	@echo "Installing ESLint with React's rules into codegen/tests/eslint: it lints generated code (ten seconds)."
	@npm ci --prefix codegen/tests/eslint --no-audit --no-fund --loglevel=error
	@touch $@

$(BENCH_MODULES): bench/package-lock.json bench/package.json | node npm
	@echo "Installing the peers that the benchmark compares with into bench/node_modules (ten seconds)."
	@npm ci --prefix bench --no-audit --no-fund --loglevel=error
	@touch $@

$(VENV): django/pyproject.toml $(wildcard $(APP)/requirements*.txt) | python3
	@[ -x $(PYTHON) ] || python3 -c 'import ensurepip, venv' 2>/dev/null \
	  || $(call apt,python3-venv,makes the folder .venv for Python packages)
	@echo "Installing Django and the tests' Python packages into .venv (a minute)."
	@[ -x $(PYTHON) ] || python3 -m venv .venv
	@.venv/bin/pip install -q --disable-pip-version-check -e './django[dev]'
	@.venv/bin/pip install -q --disable-pip-version-check $(foreach file,$(filter %.txt,$^),-r $(file))
	@touch $@

# Not --locked, because its lock file names a crate version that is not to be had; without its
# default features, because they only serve to download browsers' drivers.
$(BINDGEN_STAMP): | cargo
	@echo "Installing wasm-bindgen $(BINDGEN_VERSION), the version of Cargo.lock: it writes the JavaScript around the wasm (two minutes)."
	@cargo install -q wasm-bindgen-cli --version '=$(BINDGEN_VERSION)' --no-default-features --root target/tools
	@mkdir -p $(@D) && touch $@

# Without optimisations, which would double the wait. Its default feature is for its vendor's own builds.
$(GECKODRIVER_STAMP): | cargo
	@echo "Installing geckodriver $(GECKODRIVER_VERSION): it starts Firefox for the browser tests (a minute)."
	@CARGO_PROFILE_DEV_DEBUG=0 cargo install -q geckodriver --version '=$(GECKODRIVER_VERSION)' --locked --no-default-features --debug --root target/tools
	@mkdir -p $(@D) && touch $@

# What make cannot install. A recipe asks for all that it needs before its first long step.
.PHONY: tools
tools: cargo node npm python3 rust-wasm

.PHONY: packagers
packagers: cargo node npm rust-wasm

.PHONY: cargo
cargo:
	$(call need,cargo,builds the core,https://rustup.rs)

.PHONY: rust-wasm
rust-wasm: | cargo
	@[ -d "$$(rustc --print target-libdir --target wasm32-unknown-unknown)" ] || { \
	  echo "Installing Rust's target wasm32-unknown-unknown with rustup: the runtime runs in browsers."; \
	  rustup -q target add wasm32-unknown-unknown \
	  || { echo >&2 "Rust's target wasm32-unknown-unknown is missing: rustup target add wasm32-unknown-unknown"; exit 1; }; }

.PHONY: c++
c++:
	@command -v "$${CXX:-c++}" >/dev/null || $(call apt,g++,compiles the engine of the fuzz targets)

.PHONY: node
node:
	$(call need,node,builds and tests the JavaScript,https://nodejs.org (20 or newer))

.PHONY: npm
npm:
	$(call need,npm,installs the Node modules,https://nodejs.org)

.PHONY: python3
python3:
	$(call need,python3,runs Django,https://www.python.org (3.11 or newer))
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, python3 is " + sys.version)'

.PHONY: chromium
chromium:
	$(call browser,CHROMIUM,chromium,runs the browser tests)

.PHONY: chromedriver
chromedriver:
	$(call browser,CHROMEDRIVER,chromium-driver,starts Chromium for the browser tests)

.PHONY: firefox
firefox:
	$(call browser,FIREFOX,firefox-esr,runs the browser tests)

.PHONY: geckodriver
ifeq ($(origin GECKODRIVER),file)
geckodriver: | $(GECKODRIVER_STAMP)
else
geckodriver:
	$(call need,$(GECKODRIVER),starts Firefox for the browser tests,https://github.com/mozilla/geckodriver)
endif

# WebKitGTK has no headless mode.
.PHONY: webkitdriver
webkitdriver:
	$(call browser,WEBKITDRIVER,webkit2gtk-driver,runs the browser tests)
	@{ command -v xvfb-run && command -v xauth; } >/dev/null || $(call apt,xvfb xauth,is a screen for WebKitGTK)

target/webdriver.json: chromium
	@mkdir -p $(@D)
	@printf '{"goog:chromeOptions": {"binary": "%s"}}\n' \
	  "$$(command -v '$(CHROMIUM)')" > $@

.PHONY: free-port
free-port:
	@! (: < /dev/tcp/127.0.0.1/$(PORT)) 2>/dev/null \
	  || { echo >&2 "Port $(PORT) is in use. Choose another one with PORT=, as in make demo PORT=8001."; exit 1; }
