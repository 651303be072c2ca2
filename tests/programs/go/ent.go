// ent's driver of SQL in its debug form, with ent's own builder of statements: what client.Debug() logs.
package main

import (
	"bufio"
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/mattn/go-sqlite3"
)

// counted writes down each statement that reaches SQLite.
type counted struct{ sqlite3.SQLiteDriver }

type connection struct{ *sqlite3.SQLiteConn }

var sent *bufio.Writer

func (d *counted) Open(name string) (driver.Conn, error) {
	c, err := d.SQLiteDriver.Open(name)
	if err != nil {
		return nil, err
	}
	return &connection{c.(*sqlite3.SQLiteConn)}, nil
}

func note(query string, args []driver.NamedValue) {
	values := []interface{}{}
	for _, a := range args {
		values = append(values, a.Value)
	}
	line, _ := json.Marshal(map[string]interface{}{"sql": query, "params": values})
	fmt.Fprintln(sent, string(line))
}

func (c *connection) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	note(query, args)
	return c.SQLiteConn.QueryContext(ctx, query, args)
}

func (c *connection) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	note(query, args)
	return c.SQLiteConn.ExecContext(ctx, query, args)
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	folder := os.Args[1]
	file, err := os.Create(folder + "/sent.ndjson")
	must(err)
	sent = bufio.NewWriter(file)
	defer sent.Flush()
	out, err := os.Create(folder + "/app.log")
	must(err)
	log.SetOutput(out)
	sql.Register("counted", &counted{})
	db, err := sql.Open("counted", folder+"/app.db")
	must(err)
	client := dialect.Debug(entsql.OpenDB(dialect.SQLite, db))
	ctx := context.Background()
	exec := func(query string, args []interface{}) {
		var result entsql.Result
		must(client.Exec(ctx, query, args, &result))
	}
	query := func(text string, args []interface{}) {
		rows := &entsql.Rows{}
		must(client.Query(ctx, text, args, rows))
		for rows.Next() {
		}
		rows.Close()
	}
	build := entsql.Dialect(dialect.SQLite)
	exec("CREATE TABLE `users` (`id` integer PRIMARY KEY, `name` text, `age` integer, `note` text)", []interface{}{})
	for i := 0; i < 15; i++ {
		exec(build.Insert("users").Columns("name", "age", "note").Values(fmt.Sprintf("a8m%d", i), i, nil).Query())
	}
	for i := 0; i < 9; i++ {
		t := build.Table("users")
		query(build.Select("id", "name").From(t).Where(entsql.And(entsql.EQ("age", i), entsql.Like("name", "a%"))).OrderBy(entsql.Desc("id")).Limit(3).Query())
	}
	for _, n := range []int{1, 2, 5} {
		ids := []interface{}{}
		for i := 0; i < n; i++ {
			ids = append(ids, i)
		}
		query(build.Select("*").From(build.Table("users")).Where(entsql.In("id", ids...)).Query())
	}
	tx, err := client.Tx(ctx)
	must(err)
	text, args := build.Update("users").Set("name", "with two blanks").Where(entsql.EQ("id", 3)).Query()
	var result entsql.Result
	must(tx.Exec(ctx, text, args, &result))
	must(tx.Commit())
	exec(build.Delete("users").Where(entsql.EQ("age", 7)).Query())
}
