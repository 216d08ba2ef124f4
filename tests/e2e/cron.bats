# The crontab line and the systemd units of the documentation, run as far as a
# test can: with their command, by the shell and environment that cron gives it,
# on an index of the test's.

load helpers

# The blocks of indexer.1 whose first line matches, as written.
block() {
    awk -v start="$1" '
        /^\.Bd -unfilled/ { on = 1; text = ""; next }
        /^\.Ed/ { if (on && text ~ start) printf "%s", text; on = 0 }
        on { text = text $0 "\n" }' "$ROOT/indexer/indexer.1"
}

# The command with the programs and the index of this test in its place.
here() {
    sed "s,/usr/local/bin/indexer,$(command -v indexer),
         s,/srv/articles\\.index,$DB,"
}

as_cron() {
    env -i HOME="$PWD" LOGNAME=nobody SHELL=/bin/sh PATH=/usr/bin:/bin \
        /bin/sh -c "$1" </dev/null
}

@test "crontab: five fields and a command that is silent while all is well" {
    line=$(block '^[*]/5')
    [ "$(grep -c . <<<"$line")" = 1 ]
    grep -qF "$(grep '[*]/5' "$ROOT/README.md" | sed 's/^ *//')" <<<"$line"
    set -f
    read -r minute hour day month weekday command <<<"$line"
    [ "$minute $hour $day $month $weekday" = '*/5 * * * *' ]
    set +f
    command=$(here <<<"$command")
    doc articles/a.txt 'rail'
    index articles
    for i in 1 2 3; do
        doc articles/$i.txt "rail $i"
        run -0 as_cron "$command"
        [ -z "$output" ]
    done
    [ "$(ask -c rail)" = 4 ]
    # and says so when it is not
    mv articles away
    run -3 as_cron "$command"
    has "$output" 'is gone; nothing was changed'
}

@test "systemd: the service's command, and units that systemd takes" {
    block 'Type=oneshot' | here >articles.service
    block 'OnCalendar' >articles.timer
    doc articles/a.txt 'rail'
    index articles
    doc articles/b.txt 'rail'
    run -0 as_cron "$(sed -n 's/^ExecStart=//p' articles.service)"
    [ -z "$output" ]
    [ "$(ask -c rail)" = 2 ]
    for key in Type ExecStart User ReadWritePaths; do
        grep -q "^$key=" articles.service
    done
    grep -q '^OnCalendar=[*]:0/5$' articles.timer
    command -v systemd-analyze >/dev/null || return 0
    run systemd-analyze verify ./articles.service ./articles.timer
    [ "$status" = 0 ] || complain "$output"
    run -0 systemd-analyze calendar '*:0/5'
}
