# lucene.awk - why lists of ours and of Lucene differ: the report of
# tests/oracle/lucene, which says what its files are. `mode` is or, and or
# phrase; a line for each query with another list goes to `out`.
# Why a word is not cut alike, of what it looks like.
function why(w) {
    if (w ~ /[-]|\342\200[\220-\225]/) return "compound, ours adds the joined word"
    if (w ~ /[\300-\364]/) return "accents, which ours folds"
    if (w ~ /\047/) return "an apostrophe"
    if (w ~ /[A-Za-z0-9]_[A-Za-z0-9]/) return "an inner _: ours splits"
    if (w ~ /[A-Za-z0-9][.:][A-Za-z0-9]/) return "an inner . or : of words"
    if (w ~ /[0-9],[0-9]/) return "a comma between digits"
    return "other (stems)"
}
FILENAME == ARGV[1] { t = ""; for (i = 2; i <= NF; i++) t = t "\t" $i
                      ours[$1] = t; next }
FILENAME == ARGV[2] && $1 == "index" { N = $2; avg = $3 / $2 }
FILENAME == ARGV[2] && $1 == "word" {
    t = ""
    for (i = 3; i <= NF; i++) { split($i, p, " "); t = t "\t" p[1]
                                theirdf[$2] = p[2] }
    if (t != ours[$2]) cut[$2] = why($2)
    next
}
FILENAME == ARGV[2] { next }
FILENAME == ARGV[3] { df[$1] = $2; next }
FILENAME == ARGV[4] { ourN = $1; ouravg = $2 / $1; next }
FILENAME == ARGV[5] { # queries
    text[$1] = $2; q[++nq] = $1
    n = split($2, w, /[ \t]+/)
    for (i = 1; i <= n; i++) if (w[i] in cut) {
        differs[$1] = differs[$1] ? differs[$1] : cut[w[i]]
        words[cut[w[i]]]++
    }
    next
}
FILENAME == ARGV[6] { # documents: what Lucene has of them
    if ($1 != "doc") next
    len[$2, $3] = $4
    run[$2, $3] = $5
    for (i = 6; i <= NF; i++) tf[$2, $3, i - 5] = $i
    next
}
FILENAME == ARGV[9] { # what we have of them
    ourlen[$1, $2] = $3
    for (i = 4; i <= NF; i++) { split($i, p, " ")
                                ourtf[$1, $2, p[1]] = p[2] }
    n = split($4, p, " ") # a phrase is one term, with blanks
    ourrun[$1, $2] = p[n]
    next
}
FILENAME == ARGV[10] { # the terms of each hit
    for (i = 3; i <= NF; i++) term[$1, $2, i - 2] = $i
    nterms[$1, $2] = NF - 2
    next
}
FILENAME == ARGV[7] { split($0, f, " "); score[f[1], f[3]] = f[5]
                      ranked[f[1]] = ranked[f[1]] "\t" f[3]; next }
FILENAME == ARGV[8] { split($0, f, " "); theirs[f[1], f[3]] = f[5]
                      theirdocs[f[1]] = theirdocs[f[1]] "\t" f[3]; next }
{ split($0, f, " "); same[f[1]] = f[2] && f[3]; sameset[f[1]] = f[2] }
# BM25 of document d for the query from counts and length of Lucene, with
# the statistics of either.
function bm25(id, d, our,   n, w, i, s, idf, f, c, a, k, sum) {
    n = split(text[id], w, /[ \t]+/)
    s = 0; k = 0; sum = 0
    for (i = 1; i <= n; i++) {
        if (w[i] == "") continue
        k++
        f = our ? df[tolower(w[i])] : theirdf[w[i]]
        c = our ? ourN : N
        a = our ? ouravg : avg
        idf = log(1 + (c - f + 0.5) / (f + 0.5))
        sum += idf
        s += idf * part(tf[id, d, k], len[id, d] / a)
    }
    return mode == "phrase" ? sum * part(run[id, d], len[id, d] / a) : s
}
function part(tf, len) { return tf / (tf + 1.2 * (0.25 + 0.75 * len)) }
function near(a, b) { a = b ? a / b - 1 : 1; return a < 1e-4 && a > -1e-4 }
function line(what, x, of) {
    printf "  %-58s%5d  %5.1f %%\n", what, x, of ? 100 * x / of : 0
}
END {
    for (i = 1; i <= nq; i++) {
        id = q[i]
        if (differs[id]) class[id] = "a word: " differs[id]
        else {
            class[id] = "same words; df and average length alone"
            n = split(text[id], w, /[ \t]+/)
            for (k = 1; k <= n; k++)
                if (w[k] != "" && !(tolower(w[k]) in df)) odd[id] = 1
        }
        if (differs[id] || odd[id]) continue
        # the documents in both lists, score by score
        n = split(substr(ranked[id], 2), d, "\t")
        for (k = 1; k <= n; k++) if ((id, d[k]) in theirs) {
            pairs++
            formula += near(bm25(id, d[k], 0), theirs[id, d[k]])
            if (near(score[id, d[k]], theirs[id, d[k]])) alike++
            else if (near(score[id, d[k]], bm25(id, d[k], 1))) stats++
            else {
                lengths++
                a = mode == "phrase" && run[id, d[k]] != ourrun[id, d[k]]
                for (j = 1; mode != "phrase" && j <= nterms[id, d[k]]; j++)
                    a += tf[id, d[k], j] != \
                         ourtf[id, d[k], term[id, d[k], j]] + 0
                b = len[id, d[k]] != ourlen[id, d[k]]
                if ((id, d[k]) in ourlen) input[a ? b ? 3 : 2 : b ? 1 : 4]++
                class[id] = "same words; lengths or counts in documents, too"
            }
            x = score[id, d[k]] / theirs[id, d[k]] - 1
            if (x < 0) x = -x
            gap[x < 0.001 ? 1 : x < 0.01 ? 2 : x < 0.05 ? 3 : 4]++
        }
        # where a list is not full, what it lacks does not match there
        m = split(substr(theirdocs[id], 2), e, "\t")
        only = 0
        for (k = 1; k <= n && m < 10; k++) only += !((id, d[k]) in theirs)
        for (k = 1; k <= m && n < 10; k++) only += !((id, e[k]) in score)
        if (only) class[id] = "same words; documents that one does not match"
        # where the order turns: how near were they in Lucene?
        if (same[id]) continue
        m = split(substr(theirdocs[id], 2), e, "\t")
        worst = 0
        for (k = 1; k <= m; k++) for (j = k + 1; j <= m; j++)
            if (((id, e[k]) in score) && ((id, e[j]) in score) &&
                score[id, e[k]] < score[id, e[j]]) {
                x = 1 - theirs[id, e[j]] / theirs[id, e[k]]
                if (x > worst) worst = x
            }
        for (k = 1; k <= m; k++) if (!((id, e[k]) in score)) {
            x = 1 - theirs[id, e[m]] / theirs[id, e[k]]
            if (x > worst) worst = x
        }
        turn[worst < 0.001 ? 1 : worst < 0.01 ? 2 : worst < 0.05 ? 3 : 4]++
        print id "\t" class[id] ", turned within " worst "\t" text[id] >out
    }
    for (i = 1; i <= nq; i++) {
        total[class[q[i]]]++
        if (same[q[i]]) fine[class[q[i]]]++
        else if (sameset[q[i]]) order[class[q[i]]]++
        else other[class[q[i]]]++
        if (!same[q[i]] && differs[q[i]])
            print q[i] "\t" class[q[i]] "\t" text[q[i]] >out
    }
    printf "\nQueries by cause                                      same list  other order  other set\n"
    for (c in total) printf "  %-50s%10d%13d%11d\n", c, fine[c], order[c], other[c] | "sort -r"
    close("sort -r")
    print "\nWords of the queries that are cut differently"
    for (c in words) printf "  %-58s%5d\n", c, words[c]
    printf "\nDocuments, words: ours %d, %.2f on average; Lucene %d, %.2f\n", ourN, ouravg, N, avg
    printf "\nDocuments in both lists, of queries with the same words: %d\n", pairs
    line("our formula over Lucene's numbers gives Lucene's score", formula, pairs)
    line("score the same", alike, pairs)
    line("differs by df and average length alone", stats, pairs)
    line("differs by the document\047s length or counts, too", lengths, pairs)
    if (input[1] + input[2] + input[3] + input[4]) {
        line("    the length (rounded to its code)", input[1], pairs)
        line("    how often a word is counted", input[2], pairs)
        line("    both", input[3], pairs)
        line("    neither: a word that is no plain one", input[4], pairs)
    }
    line("scores apart by less than 0.1 %", gap[1], pairs)
    line("                          1 %", gap[2], pairs)
    line("                          5 %", gap[3], pairs)
    line("                 more", gap[4], pairs)
    print "\nSame words, other list: largest gap in Lucene of what changed places"
    t = turn[1] + turn[2] + turn[3] + turn[4]
    line("less than 0.1 % of the score", turn[1], t)
    line("          1 %", turn[2], t)
    line("          5 %", turn[3], t)
    line("more", turn[4], t)
}
