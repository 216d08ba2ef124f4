# shellcheck shell=sh
# figures.sh - what many times come down to. Sourced by bench and update.

# quantile Q [COLUMN]: of the numbers on stdin, by nearest rank.
quantile() {
    awk -v c="${2:-1}" '{ print $c }' | sort -n | awk -v q="$1" '
        { x[NR] = $1 }
        END { i = int(q * NR); if (i < q * NR) i++
              print NR ? x[i < 1 ? 1 : i] : "-" }'
}

# median [COLUMN]
median() {
    quantile 0.5 "${1:-1}"
}
