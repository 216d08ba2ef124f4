# kinds.awk - kind, query and the microseconds of each engine (`engines`, ours
# first): prints a table of kinds, adds what is to be judged to `verdicts`, and
# writes a line a query to `worst`: times the fastest of the others, query, kind,
# ours, fastest, which.
BEGIN {
    n = split(engines, engine, " ")
    printf "%-20s %7s", "kind", "queries"
    for (i = 1; i <= n; i++)
        printf " %9s", engine[i]
    print(n > 1 ? "  ratio to the fastest    first in" : "")
}
{
    if (!($1 in queries))
        order[++kinds] = $1
    queries[$1]++
    best = 0
    for (i = 1; i <= n; i++) {
        sum[$1, i] += $(i + 2)
        if (i > 1 && (!best || $(i + 2) < $(best + 2)))
            best = i
    }
    if (best) {
        first[$1] += $3 <= $(best + 2)
        print $3 / $(best + 2) "\t" $2 "\t" $1 "\t" $3 "\t" $(best + 2) "\t" \
            engine[best] >worst
    }
}
END {
    for (k = 1; k <= kinds; k++) {
        kind = order[k]
        printf "%-20s %7d", kind, queries[kind]
        best = 0
        for (i = 1; i <= n; i++) {
            printf " %9.1f", sum[kind, i] / queries[kind]
            if (i > 1 && (!best || sum[kind, i] < sum[kind, best]))
                best = i
        }
        if (best) {
            ratio = sum[kind, 1] / sum[kind, best]
            printf "  %6.3f %-8s %s %9d %%", ratio, engine[best],
                (said = ratio <= 1 ? "PASS" : "miss"), first[kind] / queries[kind] * 100
            printf "%s queries, mean beside the fastest (%s)|%.3g|<= 1|%s\n",
                kind, engine[best], ratio, said >>verdicts
        }
        print ""
    }
}
