# Prints the table of beside-expert from the files that it left in the current folder: SET.runs, SET.bytes and so on, for
# each set that is named as an argument. The first set is the one that the others are compared with.

function title(set) { return set == "expert" ? ".expert" : set }
function first(file,   line) { line = ""; getline line < file; close(file); return line }
function lines(file,   n, line) { n = 0; while ((getline line < file) > 0) n++; close(file); return n }
function larger(a, b) { return a > b ? a : b }
function steps(n) { return n >= 1e6 ? sprintf("%.1f M", n / 1e6) : sprintf("%.1f k", n / 1e3) }
function add(measure, set, value) {
    if (!(measure in known)) { known[measure] = 1; order[++measures] = measure }
    cell[measure, set] = value
}

# Reads the runs of a set: what they cost, and how they compare with those of the first set.
function read(set,   f, name) {
    while ((getline < (set ".runs")) > 0) {
        name = $1
        outcome[set, name] = $2; vm[set, name] = $3; seconds[set, name] = $4
        if ($2 == "error") { errors[set]++; continue }
        time[set] += $4; total[set] += $3
        if ($2 == "timeout") timeouts[set]++
        if (outcome[base, name] == "error") continue
        compared[set]++
        before[set] += seconds[base, name]; after[set] += $4
        log_time[set] += log(larger(seconds[base, name], 1e-5) / larger($4, 1e-5))
        log_vm[set] += log(larger(vm[base, name], 1) / larger($3, 1))
        if ($2 == "timeout" && outcome[base, name] != "timeout") new_timeouts[set]++
        if ($3 > 1.1 * vm[base, name] && $3 - vm[base, name] > 1000) { slower[set]++; named[set] = named[set] " " name }
    }
    close(set ".runs")
    split(first(set ".inserts"), f)
    insert_vm[set] = f[1]; insert_time[set] = f[2]
}

function tell(set,   n) {
    n = larger(compared[set], 1)
    add("seconds to advise", set, set == base ? "" : sprintf("%.2f", first(set ".seconds")))
    add("indexes", set, lines(set ".names"))
    add("  used by no statement", set, lines(set ".unused"))
    add("  MiB", set, sprintf("%.2f", first(set ".bytes") / 1048576))
    add("statements that failed", set, errors[set] + 0)
    add("statements timed out", set, timeouts[set] + 0)
    add("  not so without indexes", set, new_timeouts[set] + 0)
    add("statements slower in VM steps", set, slower[set] + 0)
    add("total seconds", set, sprintf("%.4f", time[set]))
    add("  times faster", set, sprintf("%.2f", before[set] / larger(after[set], 1e-9)))
    add("  geometric mean", set, sprintf("%.2f", exp(log_time[set] / n)))
    add("total VM steps", set, steps(total[set]))
    add("  geometric mean, times fewer", set, sprintf("%.2f", exp(log_vm[set] / n)))
    add("VM steps of inserts", set, steps(insert_vm[set]))
    add("  times more", set, sprintf("%.2f", insert_vm[set] / larger(insert_vm[base], 1)))
    add("seconds of inserts", set, sprintf("%.4f", insert_time[set]))
    add("  times slower", set, sprintf("%.2f", insert_time[set] / larger(insert_time[base], 1e-6)))
}

BEGIN {
    FS = "\t"
    base = ARGV[1]
    for (i = 1; i < ARGC; i++) { read(ARGV[i]); tell(ARGV[i]) }
    printf "%-32s", ""
    for (i = 1; i < ARGC; i++) printf "%12s", title(ARGV[i])
    print ""
    for (m = 1; m <= measures; m++) {
        printf "%-32s", order[m]
        for (i = 1; i < ARGC; i++) printf "%12s", cell[order[m], ARGV[i]]
        print ""
    }
    for (i = 1; i < ARGC; i++) if (named[ARGV[i]] != "") print "\nslower with " title(ARGV[i]) ":" named[ARGV[i]]
}
