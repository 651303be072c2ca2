// GORM (jinzhu, version 1) with LogMode(true): models, preloads, IN lists, transactions, raw SQL. No value holds a quote: this
// version writes it into its log as it is, so that what is logged is no SQL.
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

	"github.com/jinzhu/gorm"
	_ "github.com/jinzhu/gorm/dialects/sqlite"
	"github.com/mattn/go-sqlite3"
)

type User struct {
	ID    uint
	Name  string
	Age   *int
	Posts []Post
}

type Post struct {
	ID     uint
	UserID uint
	Title  string
}

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
	out, err := os.Create(folder + "/app.log")
	must(err)
	sql.Register("counted", &counted{})
	raw, err := sql.Open("counted", folder+"/app.db")
	must(err)
	sent = bufio.NewWriter(file)
	db, err := gorm.Open("sqlite3", raw)
	must(err)
	must(db.AutoMigrate(&User{}, &Post{}).Error)
	sent.Flush()
	must(file.Truncate(0))
	_, err = file.Seek(0, 0)
	must(err)
	defer sent.Flush()
	db.LogMode(true)
	db.SetLogger(gorm.Logger{LogWriter: log.New(out, "\r\n", 0)})
	for i := 0; i < 12; i++ {
		age := i
		db.Create(&User{Name: fmt.Sprintf("its [rows:1] %d", i), Age: &age, Posts: []Post{{Title: "a\nb"}}})
	}
	for i := 0; i < 8; i++ {
		var users []User
		db.Where("age = ? AND name LIKE ?", i, "its%").Order("name desc").Limit(3).Find(&users)
	}
	for _, n := range []int{1, 2, 5} {
		ids := []int{}
		for i := 0; i < n; i++ {
			ids = append(ids, i+1)
		}
		var users []User
		db.Preload("Posts").Where("id IN (?)", ids).Find(&users)
	}
	db.Model(&User{}).Where("id = ?", 2).Update("name", "other")
	db.Where("title = ?", "none").Delete(&Post{})
	var n int
	db.Model(&Post{}).Where("user_id > ?", 1).Count(&n)
	db.Exec("UPDATE posts SET title = title || ? WHERE id = ?", "x", 3)
}
