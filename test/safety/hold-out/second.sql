-- several subcommands
alter table lonely add column x int, drop column b, alter column f type numeric(8,2)
alter table lonely add column x int default 5, alter column x set not null
alter table lonely alter column a set not null, add primary key (a)
alter table lonely add check (a > 0), add check (f > 0) not valid
alter table keeper alter column nick type varchar(20), alter column nick set not null
alter table keeper drop constraint keeper_name_unique, add constraint keeper_name_unique unique (name, id)
alter table keeper alter column counter type int8, add column total int8 generated always as identity
alter table scratch add column x int not null default 3, set (fillfactor = 60)
alter table keeper validate constraint keeper_level_small, alter column nick set statistics 20
alter table keeper alter column wage set default 1, alter column wage drop default, alter column level drop not null
alter table crate disable trigger all, enable row level security
alter table keeper add column x uuid default gen_random_uuid()
alter table keeper add column x uuid, add column y text default md5(random()::text)
alter table keeper add column x text default to_char(now(), 'YYYY'), add constraint x_short check (length(x) < 9) not valid
alter table keeper add column x int[] default array[1, 2]
alter table keeper add column x jsonb not null default '{}'::jsonb
alter table keeper add column x date generated always as (joined::date) stored
alter table keeper add column x numeric(5,2) default 1.005
alter table keeper add column x varchar(3) default 'abc' not null
alter table keeper add column x int constraint x_fk references crate (id) on delete cascade not null default 1
alter table keeper add column x state[]
alter table keeper add column x text unique default 'q'
alter table keeper add column x int primary key
alter table lonely add column x serial primary key
alter table reading add column x text not null default ''
alter table parcel add column x int references keeper (id)
alter table parcel add column x quantity default 1
alter table asset_truck add column x bigint default 9
alter table only asset_truck add column x int
alter table depot.site add column x int generated always as identity
-- types
alter table keeper alter column email type varchar
alter table keeper alter column phone type char(20)
alter table keeper alter column alias type citext
alter table keeper alter column code type varchar
alter table keeper alter column wage type int using wage::int
alter table keeper alter column joined type timestamp(0)
alter table keeper alter column joined type time
alter table keeper alter column seen type timestamptz(2)
alter table keeper alter column addr type text
alter table keeper alter column flags type bit(8) using flags::bit(8)
alter table keeper alter column cost type numeric(10,0)
alter table keeper alter column wage type numeric(7,2)
alter table keeper alter column level type int8, alter column counter type numeric
alter table crate alter column during type tsrange
alter table crate alter column dims type text
alter table crate alter column made type timestamp
alter table crate alter column serial_no type bigint
alter table crate alter column amount type quantity
alter table crate alter column site_region type varchar
alter table crate alter column site_no type bigint
alter table depot.site alter column region type varchar(30)
alter table depot.site alter column tags type varchar[]
alter table depot.site alter column settings type json
alter table depot.site alter column opened type timestamptz
alter table depot.site alter column capacity type int8
alter table stock alter column big type quantity
alter table stock alter column big type int
alter table stock alter column must type text
alter table stock alter column plain type label
alter table stock alter column short type short_label
alter table stock alter column item type varchar(50) collate "C"
alter table visit alter column day type timestamp
alter table visit_1 alter column day set default current_date
alter table parcel alter column grade type bigint
alter table bucket alter column v type varchar
alter table crate_log alter column crate_id type bigint
alter table stamp alter column visit_id type bigint
alter table reading_2024 alter column value type numeric(30,6)
alter table scratch alter column id type bigint
alter table "Archive"."Old Orders" alter column "Total" type varchar(16)
alter table "Archive"."Old Orders" alter column "Total" type int using "Total"::int
-- constraints
alter table depot.site alter column title set not null
alter table depot.site drop constraint site_pkey cascade
alter table depot.site drop constraint site_pkey
alter table crate drop constraint crate_during
alter table crate drop constraint crate_keeper, add constraint crate_keeper foreign key (keeper_id) references keeper (id)
alter table crate add constraint crate_self foreign key (volume) references crate (id) not valid
alter table crate_log add primary key (crate_id)
alter table crate_log add constraint once unique (crate_id, at) deferrable
alter table crate_log drop constraint crate_log_crate_id_fkey
alter table crate_log alter constraint crate_log_crate_id_fkey deferrable initially deferred
alter table asset drop constraint asset_price
alter table only asset drop constraint asset_price
alter table asset rename constraint asset_price to price_ok
alter table asset add primary key (id)
alter table asset_truck no inherit asset, add column x int
alter table visit drop constraint visit_pkey cascade
alter table visit add constraint visit_keeper_again foreign key (keeper_id) references keeper (id) not valid
alter table visit add check (id >= 0)
alter table visit_1 add constraint bounded check (id < 1000)
alter table parcel drop constraint parcel_key
alter table parcel_north drop constraint parcel_north_pkey
alter table parcel alter column grade set not null
alter table bucket add primary key (k)
alter table bucket add constraint v_set not null v
alter table ledger add constraint a_set not null a no inherit
alter table ledger drop constraint ledger_loose, drop constraint ledger_d_set
alter table ledger alter column d drop not null
alter table booking drop constraint booking_pkey
alter table booking add constraint spans exclude using gist (span with &&)
-- partitions
alter table visit detach partition visit_2
alter table stamp drop constraint stamp_visit_id_fkey ;; alter table visit detach partition visit_1
alter table bucket attach partition lonely for values with (modulus 4, remainder 3)
create table bucket_2 partition of bucket for values with (modulus 4, remainder 1)
create table reading_2023 (like reading including indexes) ;; insert into reading_2023 (at, sensor, value) select date '2023-01-01' + g, 1, g from generate_series(1, 300) g ;; alter table reading attach partition reading_2023 for values from ('2023-01-01') to ('2024-01-01')
alter table parcel_west add constraint not_null_lane check (lane is not null), add primary key (id, lane) ;; alter table parcel attach partition parcel_west for values in ('west')
alter table reading detach partition reading_old ;; create table reading_2026 partition of reading for values from ('2026-01-01') to ('2027-01-01')
create table parcel_new partition of parcel (constraint grade_ok check (grade > 0)) for values in ('new', null)
create table visit_sub partition of visit for values from (5000) to (6000) partition by range (id)
create table reading_2022_more partition of reading_2022 for values in (9)
alter table reading_2022 detach partition reading_2022_one
alter table reading detach partition reading_2021 ;; alter table reading attach partition reading_2021 for values from ('2021-01-01') to ('2022-01-01')
-- indexes
create index on crate using brin (made)
create index on crate (keeper_id) include (weight)
create unique index crate_whole2 on crate (id) where state = 'open'
create index on only parcel (grade)
create index on parcel_north (grade)
create index on parcel (grade)
create index on weights_by_state (total)
create unique index if not exists depot_title on depot.site (title)
drop index weights_id
drop index crate_whole, crate_body_idx
drop index depot.absent, keeper_nick_idx
alter index crate_weight_idx reset (fillfactor)
reindex table keeper
reindex index crate_pkey
reindex table depot.site
cluster crate using crate_body_idx
cluster depot.site using site_pkey
refresh materialized view weights_by_state
refresh materialized view concurrently weights_by_state
create or replace view simple_lonely as select a, c, d from lonely
create view later as with k as (select * from keeper) select k.id, (select count(*) from crate) from k
create view updatable as select * from lonely with check option
create materialized view busy as select k.id, count(*) from keeper k left join crate c on c.keeper_id = k.id group by 1
create table copied as table keeper with no data
create table copied as select * from only asset
create table child (check (id > 0)) inherits (asset)
create table refers (a int, b text, site int, foreign key (b, site) references depot.site)
create table refers (v int references visit (id), k bigint references keeper (id) deferrable)
create table refers (like depot.site including defaults including constraints, foreign key (region, site_id) references depot.site (region, site_id))
create temporary table refers (id int)
create unlogged table refers (like scratch including all)
-- the rest
create trigger late after update of body on crate for each row when (old.body is distinct from new.body) execute function note_change()
create trigger all_visits before insert on visit_1 for each row execute function note_change()
create trigger statement_level after delete on reading for each statement execute function note_change()
alter table crate enable replica trigger crate_change
alter table visit disable trigger all
drop trigger crate_check on crate
drop policy crate_keepers on crate
create policy lonely_site on lonely for update to hold_out_reader using (exists (select 1 from depot.site where site_id = a)) with check (true)
create rule log_crates as on insert to crate where new.id < 0 do also insert into crate_log values (new.id, now(), 'x')
create or replace rule lonely_quiet as on delete to lonely do instead nothing
alter sequence keeper_id_seq restart with 5000
alter sequence crate_serial_no_seq owned by none
alter domain big_quantity drop constraint big_quantity_check
alter domain needed drop not null
alter domain short_label add check (length(value) > 0)
alter domain short_label add constraint nonempty check (length(value) > 0) not valid ;; alter domain short_label validate constraint nonempty
alter type temperature rename to degrees
drop type temperature cascade
drop domain short_label cascade
comment on column depot.site.title is 'x'
comment on table reading is 'x'
comment on constraint crate_pkey on crate is 'x'
create statistics many (ndistinct, mcv) on region, title from depot.site
alter statistics keeper_stats set schema depot
create publication few for table crate (id, body)
create publication partly for table lonely where (a > 5)
alter publication feed drop table crate, keeper
grant update (body) on crate to hold_out_reader
grant all on depot.site, lonely to hold_out_reader
revoke all on crate from hold_out_reader
alter table keeper owner to current_user
alter view crate_people owner to hold_out_reader
alter materialized view weights rename to masses
alter materialized view weights owner to hold_out_reader
alter table depot.site rename to place
alter table depot.site set schema public
alter table crate rename constraint crate_pkey to crate_key
alter table parcel rename column grade to class
alter table visit rename to visits
drop view crate_people
drop view crate_people, open_crates
drop materialized view weights, weights_by_state
drop table depot.site
drop table depot.site cascade
drop table parcel
drop table visit cascade
drop table stamp, visit
drop table asset_truck, asset_crane
drop table reading_2022_one
drop table bucket_0
drop table weights
drop table if exists "Archive"."Old Orders"
drop schema depot
drop sequence keeper_id_seq
drop function note_change()
drop owned by hold_out_reader cascade
truncate depot.site cascade
truncate visit_1
truncate parcel restart identity
truncate crate_log, scratch
lock table keeper, crate in share row exclusive mode nowait
lock table depot.site in row share mode
lock table crate_people in share mode
insert into crate (id, keeper_id) values (90001, 1)
insert into keeper (name, counter, phone) select 'x', 1, 'p' from generate_series(1, 3)
insert into asset select * from only asset where id < 5
insert into scratch values (1, 'x') on conflict (id) do nothing
update depot.site set title = 'x'
update asset set tag = 'z'
update only asset set tag = 'z'
update parcel set grade = 1
update simple_lonely set c = 'x'
delete from visit_1
delete from asset
delete from only asset_truck where wheels > 100000
select * from asset
select * from only asset for no key update
select a.id from asset a join crate c on c.id = a.id for update of c
select count(*) from weights
explain (analyze, costs off) select count(*) from lonely
with x as (insert into crate_log values (1, now(), 'x') returning crate_id) update lonely set a = crate_id from x
analyze asset
analyze visit_1, crate
create index concurrently on parcel_north (grade)
create unique index concurrently on lonely (a) where a > 3
drop index concurrently crate_body_idx
reindex table concurrently keeper
reindex index concurrently crate_pkey
vacuum full crate
vacuum (freeze) keeper
