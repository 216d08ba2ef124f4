# `make help` lists the targets.
#
# Nothing is asked of the system while this file is read, so that `make demo`
# works on a machine without a compiler: it runs tests/tools/setup first and
# make again after it.

PREFIX  = /usr/local
BUILD   = build
CFLAGS  = -O2 -g
LDFLAGS =

# The JSON parser of common/base/json_read.c. tests/tools/setup installs it.
JSON = json-c
# Words of scripts without spaces: of the query program alone.
WORDS = -lthai -ldatrie -licuuc -licudata -lstdc++
LIBS = -llmdb -lutf8proc -lstemmer -lzstd -lxxhash -l$(JSON) -lm -lpthread

WARN   = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
# libxml2 keeps its headers in a folder of its own.
CPPFLAGS = -D_GNU_SOURCE -Icommon -I. -I/usr/include/libxml2
COMPILE  = $(CC) -std=c11 $(WARN) $(CPPFLAGS) $(CFLAGS)

# query is linked statically where all archives are there: a process then starts
# in a third of the time. `make STATIC=` links it dynamically. indexer is, for
# it loads libraries that only some formats need (indexer/formats/library.h).
STATIC = $$(cat $(BUILD)/static)
# The linker would note at each that ICU knows how to load a library.
NOTES  = -Wl,--no-warnings

COMMON  = $(wildcard common/base/*.c common/text/*.c common/index/*.c)
INDEXER = $(wildcard indexer/*.c indexer/formats/*.c)
QUERY   = $(wildcard query/*.c)
UNIT    = $(wildcard tests/unit/test_*.c)
ORACLE  = $(wildcard tests/oracle/*.c)

# Objects have a folder of their own: build/indexer is a program.
objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
common  = $(BUILD)/libcommon.a
# A program's objects but main.o, for its unit tests.
indexer = $(BUILD)/libindexer.a
query   = $(BUILD)/libquery.a
unit    = $(patsubst %.c,$(BUILD)/%,$(UNIT))
oracle  = $(BUILD)/tests/oracle/oracle
# Torture tests: programs, what they share, libraries to load into the programs
# under test, and those linked so that something can be loaded into them.
torture = $(addprefix $(BUILD)/tests/torture/,kill replay faults limits \
  readers property)
TORTURE = $(addprefix tests/torture/,torture.c files.c program.c state.c \
  tree.c disk.c)
shims   = $(addprefix $(BUILD)/tests/torture/,indexer query record.so fault.so)
# What measures: article.c makes the articles, empty.c is a program by itself.
bench   = $(patsubst %.c,$(BUILD)/%,$(filter-out %/article.c %/empty.c,\
            $(wildcard tests/bench/*.c)))
empty   = $(BUILD)/tests/bench/empty
# Each fuzz target, as a program that runs over the seeds.
fuzz    = $(patsubst %.c,$(BUILD)/%,$(filter-out %/replay.c,\
            $(wildcard tests/fuzz/*.c)))

all: $(BUILD)/indexer $(BUILD)/query

$(BUILD)/indexer: $(call objects,indexer/main.c) $(indexer) $(common)
$(BUILD)/query: $(call objects,query/main.c) $(query) $(common)
$(BUILD)/indexer:
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) -ldl
$(BUILD)/query: LIBS := $(WORDS) $(LIBS)
$(BUILD)/query: $(BUILD)/static
	$(CC) $(CFLAGS) $(LDFLAGS) $(STATIC) -o $@ $(filter %.o %.a,$^) $(LIBS)

$(common): $(call objects,$(COMMON))
$(indexer): $(filter-out %/main.o,$(call objects,$(INDEXER)))
$(query): $(filter-out %/main.o,$(call objects,$(QUERY)))
$(common) $(indexer) $(query):
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

# Whether a static program can be linked: "-static" or nothing.
$(BUILD)/static: Makefile
	@mkdir -p $(@D)
	@echo 'int main(void) { return 0; }' >$@.c
	@if $(CC) -static $(NOTES) -o $@.out $@.c $(WORDS) $(LIBS) 2>$@.log; \
	then echo -static $(NOTES) >$@; else echo >$@; fi

$(unit): $(BUILD)/%: $(BUILD)/obj/%.o $(indexer) $(query) $(common)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(WORDS) $(LIBS) -lcmocka

$(oracle): $(call objects,$(ORACLE)) $(common)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(bench): $(BUILD)/%: $(BUILD)/obj/%.o $(call objects,tests/bench/article.c) \
  $(indexer) $(common)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(empty): tests/bench/empty.c $(BUILD)/static
	@mkdir -p $(@D)
	$(CC) $(STATIC) -o $@ $<

$(fuzz): $(BUILD)/%: $(BUILD)/obj/%.o $(call objects,tests/fuzz/replay.c) \
  $(indexer) $(query) $(common)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(WORDS) $(LIBS)

$(torture): $(BUILD)/tests/torture/%: $(BUILD)/obj/tests/torture/%.o \
  $(call objects,$(TORTURE)) $(indexer) $(common)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/tests/torture/indexer: $(call objects,indexer/main.c) $(indexer) $(common)
$(BUILD)/tests/torture/query: $(call objects,query/main.c) $(query) $(common)
$(BUILD)/tests/torture/query: LIBS := $(WORDS) $(LIBS)
$(BUILD)/tests/torture/indexer $(BUILD)/tests/torture/query:
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/tests/torture/%.so: tests/torture/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 $(WARN) $(CPPFLAGS) -O2 -g -fPIC -shared -o $@ $< -ldl

# Tests ---------------------------------------------------------------------

# All cores for what follows a setup, unless make was told how many.
again = $(MAKE) --no-print-directory \
  $(if $(filter -j%,$(MAKEFLAGS)),,-j$$(nproc))

QUESTION = when did RCEP enter into force

demo:
	@tests/tools/setup build
	@$(again) demo-ready

demo-ready: all
	$(BUILD)/indexer -d $(BUILD)/demo.index corpus
	$(BUILD)/query -d $(BUILD)/demo.index "$(QUESTION)"

check:
	@tests/tools/setup build test
	@$(again) check-ready

check-ready: all $(unit) $(oracle) $(fuzz) $(bench) $(empty)
	@BUILD=$(BUILD) tests/run

# The same tests with AddressSanitizer and UndefinedBehaviorSanitizer, with
# fewer random questions, and without those that run little code of ours or the
# same code over very many texts.
ASAN = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
  -fno-sanitize-recover=undefined

asan:
	@LEAVE_OUT='layers bench.bats bench_peers.bats readme.bats test_words_texts.c' \
	  ORACLE_QUERIES=100 BATCH_REQUESTS=2000 $(MAKE) --no-print-directory check \
	  BUILD=$(BUILD)/asan STATIC= CFLAGS="$(ASAN)"

# Kills, power failures, failing calls, full disks, readers beside a writer,
# random changes, for TIME seconds in all.
TIME = 90

torture:
	@tests/tools/setup build test
	@$(again) torture-ready

torture-ready: all $(torture) $(shims)
	@BUILD=$(BUILD) TIME=$(TIME) tests/torture/run $(notdir $(torture))

# Failing calls under the sanitizers: each way out of a failure gives back
# what it holds.
torture-asan:
	@$(MAKE) --no-print-directory torture torture=$(BUILD)/asan/tests/torture/faults \
	  BUILD=$(BUILD)/asan STATIC= CFLAGS="$(ASAN)"

# Each fuzz target for FUZZ_TIME seconds with libFuzzer; FUZZ=json runs one.
FUZZ_TIME = 60
FUZZ      = $(notdir $(fuzz))

fuzz:
	@tests/tools/setup build fuzz
	@$(again) fuzz-ready BUILD=$(BUILD)/fuzz STATIC= \
	  CC=clang CFLAGS="-O1 -g -fno-omit-frame-pointer \
	  -fsanitize=fuzzer-no-link,address,undefined \
	  -fno-sanitize-recover=undefined"

fuzz-ready: $(addprefix $(BUILD)/fuzz-,$(FUZZ))
	@for t in $(FUZZ); do \
	  mkdir -p $(BUILD)/found/$$t tests/fuzz/seeds/$$t && \
	  echo "== $$t, $(FUZZ_TIME) s" && \
	  $(BUILD)/fuzz-$$t -max_total_time=$(FUZZ_TIME) -max_len=8192 \
	    -print_final_stats=1 -verbosity=0 \
	    -artifact_prefix=$(BUILD)/found/$$t/ \
	    $(BUILD)/found/$$t tests/fuzz/seeds/$$t || exit; done

$(BUILD)/fuzz-%: $(BUILD)/obj/tests/fuzz/%.o $(indexer) $(query) $(common)
	$(CC) $(CFLAGS) -fsanitize=fuzzer -o $@ $^ $(WORDS) $(LIBS)

lint:
	@tests/tools/setup build test lint
	@CPPFLAGS="$(CPPFLAGS)" WARN="$(WARN)" tests/tools/lint $(LINT)

format:
	@tests/tools/setup lint
	@tests/tools/lint --fix

eval:
	@tests/tools/setup build
	@$(again) all
	@BUILD=$(BUILD) tests/tools/eval

# Top ten of the 500 bench queries beside Lucene's: needs ../shared.
oracle-lucene: all
	@BUILD=$(BUILD) tests/oracle/lucene

# Speed and size beside those of other engines; tests/bench/bench says what can
# be set: make bench CORPUS=folder PEERS=xapian WORK=/tmp/bench. The tables of
# the README come last.
# bench-quick measures nothing but ours, in two minutes.
bench:
	@tests/tools/setup build
	@$(again) bench-ready

bench-ready: all $(bench) $(empty)
	@BUILD=$(BUILD) tests/bench/bench $(PARTS)

bench-quick:
	@PEERS= ROUNDS=2 PASSES=4 BUILDS=1 RUNS=100 $(MAKE) --no-print-directory bench

# Instructions of fixed inputs beside those of tests/bench/BASELINE; W=-w
# writes that file.
bench-baseline:
	@tests/tools/setup build
	@$(again) all
	@BUILD=$(BUILD) tests/bench/baseline $(W)

# Time and bytes that updates take; tests/bench/update says what can be set:
# make bench-update SIZES="10000 1000000" PARTS="add change".
bench-update: all $(bench)
	@BUILD=$(BUILD) tests/bench/update $(PARTS)

# Everything else -----------------------------------------------------------

manuals = $(wildcard indexer/*.[17] query/*.[17])
man     = $(DESTDIR)$(PREFIX)/share/man

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(man)/man1 $(man)/man7
	install $(BUILD)/indexer $(BUILD)/query $(DESTDIR)$(PREFIX)/bin
	for m in $(manuals); do \
	  install -m 644 $$m $(man)/man$${m##*.} || exit; done

uninstall:
	cd $(DESTDIR)$(PREFIX) && rm -f bin/indexer bin/query \
	  $(foreach m,$(manuals),share/man/man$(lastword $(subst ., ,$m))/$(notdir $m))

clean:
	rm -rf $(BUILD)

help:
	@echo 'make            build $(BUILD)/indexer and $(BUILD)/query'
	@echo 'make demo       install what is missing, index corpus/, ask it a question'
	@echo 'make check      install what is missing, run all tests'
	@echo 'make asan       run all tests under the address and undefined-behaviour sanitizers'
	@echo 'make torture    TIME=90: kill it, cut the power, let calls fail, for so many seconds'
	@echo 'make torture-asan   failing calls under the sanitizers'
	@echo 'make fuzz       FUZZ_TIME=60: fuzz each decoder for that many seconds'
	@echo 'make lint       check format and run the static analysers [LINT=--quick]'
	@echo 'make format     format all C files'
	@echo 'make eval       print retrieval quality on judged collections'
	@echo 'make oracle-lucene   compare the ranking with Lucene'"'"'s (needs ../shared)'
	@echo 'make bench      print speed and size beside SQLite FTS5, Xapian and Lucene'
	@echo 'make bench-quick     the same of ours alone, in two minutes'
	@echo 'make bench-baseline  compare instruction counts with tests/bench/BASELINE'
	@echo 'make bench-update    print what updates cost: time, fsyncs, bytes, segments'
	@echo 'make install    install to PREFIX ($(PREFIX)), below DESTDIR if given'
	@echo 'make uninstall  remove what make install put there'
	@echo 'make clean      remove $(BUILD)/'

.PHONY: all demo demo-ready check check-ready asan torture torture-ready \
	torture-asan fuzz fuzz-ready lint format eval oracle-lucene bench \
	bench-ready bench-quick bench-baseline bench-update install uninstall clean help
.SECONDARY:
.DELETE_ON_ERROR:

-include $(patsubst %.o,%.d,$(call objects,$(COMMON) $(INDEXER) $(QUERY) \
  $(UNIT) $(ORACLE) \
  $(wildcard tests/fuzz/*.c tests/torture/*.c tests/bench/*.c)))
