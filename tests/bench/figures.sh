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

# verdict WHAT FIGURE AIM: PASS where FIGURE is not above AIM ("<= 2") or not
# below it (">= 2"), else miss; noted in out/verdicts, too. Figures that are no
# numbers give nothing.
verdict() {
    echo "$2 $3" | awk -v what="$1" -v to="${set:-.}/out/verdicts" '
        $1 + 0 == $1 {
            good = $2 == "<=" ? $1 <= $3 : $1 >= $3
            said = good ? "PASS" : "miss"
            printf "%s %s %s", $2, $3, said
            printf "%s|%.3g|%s %s|%s\n", what, $1, $2, $3, said >>to
        }'
}
