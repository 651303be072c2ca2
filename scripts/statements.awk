# Splits SQL into statements, one per line: label, tab, statement. Comments and line breaks become blanks; a line
# `-- name: LABEL` before a statement labels it. Text in quotes stays, but for line breaks and tabs.

function finish() {
    gsub(/^ +| +$/, "", sql)
    if (sql != "") printf "%s\t%s\n", label == "" ? "q" (count + 1) : label, sql
    if (sql != "") { count++; label = "" }
    sql = ""
}

sql ~ /^ *$/ && quote == "" && !comment && /^[ \t]*--[ \t]*name:/ {
    label = $0
    sub(/^[ \t]*--[ \t]*name:[ \t]*/, "", label)
    sub(/[ \t\r].*/, "", label)
    next
}

{
    for (i = 1; i <= length($0) + 1; i++) {
        c = i > length($0) ? " " : substr($0, i, 1)
        if (c ~ /[ \t\r]/) c = " "
        two = substr($0, i, 2)
        if (comment) {
            if (two == "*/") { comment = 0; i++ }
        } else if (quote != "") {
            sql = sql c
            if (c == quote) quote = ""
        } else if (two == "--") {
            i = length($0)
        } else if (two == "/*") {
            comment = 1
            sql = sql " "
            i++
        } else if (c == ";") {
            finish()
        } else if (c != " " || sql !~ / $/) {
            sql = sql c
            if (index("'\"`", c)) quote = c
            if (c == "[") quote = "]"
        }
    }
}

END { finish() }
