# ActiveRecord with the logger of a development log: models, joins, preloads, IN lists, transactions, raw SQL.
require "active_record"
require "json"
require "logger"
require "sqlite3"

folder = ARGV.fetch(0)
SENT = File.open("#{folder}/sent.ndjson", "w")

# Counts what reaches SQLite, below ActiveRecord and its logger.
module Counted
  def bind_params(*values)
    @values = values.flatten
    super
  end

  def initialize(database, sql)
    @sql = sql
    super
  end

  def step
    unless @counted
      @counted = true
      # What ActiveRecord asks of the schema is not in its log.
      SENT.puts({ sql: @sql, params: (@values || []).map { |v| plain(v) } }.to_json) unless @sql.include?("sqlite_master")
      SENT.flush
    end
    super
  end

  def plain(value)
    value.is_a?(Numeric) || value.nil? ? value : value.to_s.dup.force_encoding("UTF-8").scrub
  end

  def reset!
    @counted = false
    super
  end
end
SQLite3::Statement.prepend(Counted)

ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: "#{folder}/app.db")
ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table(:authors) { |t| t.string :name; t.datetime :born }
  create_table(:books) { |t| t.references :author; t.string :title; t.float :price; t.binary :cover }
end
class Author < ActiveRecord::Base; has_many :books; end
class Book < ActiveRecord::Base; belongs_to :author; end
[Author, Book].each(&:columns) # what ActiveRecord asks of the schema is asked before the log begins
SENT.truncate(0)
SENT.rewind
ActiveRecord::Base.logger = Logger.new("#{folder}/app.log", formatter: ->(_, _, _, message) { "#{message}\n" })

10.times { |i| Author.create!(name: "it's [[\"id\", #{i}]] (1.0ms)  SELECT", born: Time.utc(2024, 1, 1 + i)) }
25.times { |i| Book.create!(author_id: 1 + i % 10, title: "a\nb #{i}", price: i / 4.0, cover: "\x00\xff".b) }
6.times { |i| Book.where(author_id: i, price: 1..3).order(title: :desc).limit(5).to_a }
[1, 3, 7].each { |n| Author.where(id: (1..n).to_a).to_a }
Author.includes(:books).where("name LIKE ?", "it''s%").to_a
4.times { |i| Author.find_by(name: "none #{i}") }
Author.joins(:books).group(:name).having("count(*) > 1").count
Author.find(3).update!(name: "other")
Author.where(born: nil).delete_all
Book.first.destroy!
Author.where(name: ["a", nil]).exists?
3.times { |i| Author.connection.select_all("SELECT count(*) FROM books WHERE price > #{i}") }
