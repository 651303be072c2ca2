# Daily commands; `just` lists them.

default:
    @just --list

# What lands must pass
ci:
    .ci/run

# Longer loops, for a night
nightly:
    .ci/nightly

# All tests, or those of a name
test *name:
    cargo test --workspace {{name}}

# The cases of the library, or those of a name
cases *name:
    cargo test -p sqlite-advisor --test cases -- {{name}}

# Format and lints
lint:
    cargo fmt
    cargo clippy --workspace --all-targets -- -D warnings
    scripts/words

# The documentation of the library
doc:
    cargo doc --workspace --no-deps

# Look at every changed snapshot
review:
    cargo insta review
