-- Prints a script for the sqlite3 shell that inserts 1,000 rows of each table into it again, three times, each time rolled back.
-- The rows are spread over the table; where a key must not repeat, its last column goes on from the largest number, or is lengthened.
.mode list
with
tables as (
    select name as t, wr from pragma_table_list
    where schema = 'main' and type = 'table' and name not like 'sqlite\_%' escape '\'
),
columns as (
    select t, name as c, cid, pk from tables, pragma_table_xinfo(t) where hidden = 0
),
fresh as (
    select t, (select name from pragma_index_info(i.name) where name is not null order by seqno desc limit 1) as c
    from tables, pragma_index_list(t) as i where "unique"
    union
    select t, (select c from columns where columns.t = tables.t and pk > 0 order by pk desc limit 1) from tables
),
parts as (
    select t,
           group_concat(format('"%w"', c), ', ') as list,
           group_concat(case when (t, c) in (select t, c from fresh)
               then format('case when (select typeof(max("%w")) from main."%w") in (''integer'', ''real'')'
                        || ' then (select max("%w") from main."%w") + 1 + nth else "%w" || ''~'' || nth end as "%w"', c, t, c, t, c, c)
               else format('"%w"', c) end, ', ') as renewed
    from (select * from columns order by t, cid)
    group by t
),
orders as (
    select t, case when wr = 0 then 'rowid'
              else (select group_concat(format('"%w"', c), ', ') from (select c from columns where columns.t = tables.t and pk > 0 order by pk)) end as key
    from tables
),
steps as (
    select format('.print table %s
drop table if exists temp.sample_;
create temp table sample_ as
with recursive
numbered as (select %s, row_number() over (order by %s) as place from main."%w"),
picked as (select *, row_number() over (order by place) - 1 as turn from numbered
           where place %% max(1, (select count(*) from main."%w") / 1000) = 0 limit 1000),
counter(nth) as (select 0 union all select nth + 1 from counter where nth < 999)
select %s from counter, picked where turn = nth %% (select count(*) from picked) order by nth;
', t, list, key, t, t, renewed) as sample,
           format('begin immediate;
.timer on
.stats vmstep
insert into main."%w"(%s) select * from temp.sample_;
.timer off
.stats off
rollback;
', t, list) as trial
    from parts join orders using (t)
)
select sample || trial || trial || trial from steps;
