create schema bank;
create schema "Ledger";
create type tier as enum ('basic', 'gold');
create type address as (street text, zip varchar(10));
create type spot as (street text, zip varchar(10));
create domain amount as numeric(12,2) check (value >= 0);
create domain fee as amount;
create domain note as text;
create domain short_note as varchar(30);
create domain must as text not null;
create sequence ticket_seq;
create function token() returns text language sql volatile as 'select md5(random()::text)';
create function region_of(text) returns text language sql immutable as 'select left($1, 2)';
create function touch() returns trigger language plpgsql as $$ begin new.seen := now(); return new; end $$;
create function index_customers() returns void language plpgsql as $$ begin create index on customer (big); end $$;
create function add_flag() returns void language sql as 'alter table customer add column extra_flag boolean';

create table branch (id int primary key, name text not null, region varchar(20) default 'north');
insert into branch select g, 'b' || g from generate_series(1, 500) g;

create table customer (
  id int primary key, email text, phone varchar(15), name varchar(60) not null, score numeric(8,2), born date,
  joined timestamp default now(), seen timestamptz, branch_id int, code char(4), mask bit(8), vmask varbit(8),
  span interval, open_at time, ip inet, net cidr, prefs json, prefsb jsonb, tags text[], codes varchar(5)[],
  kind tier default 'basic', level smallint, cash money, oldref oid, ratio real, key uuid, big bigint, flag boolean,
  remark text, title varchar(20), nick varchar(20), memo note, home address, rate amount, salary fee, obj regclass,
  fraction numeric, line bytea, initial "char",
  constraint customer_email_set check (email is not null),
  constraint customer_title_short check (length(title) < 30)
);
insert into customer (id, email, phone, name, score, born, seen, branch_id, code, mask, vmask, span, open_at, ip, net, prefs, prefsb,
    tags, codes, level, cash, oldref, ratio, key, big, flag, remark, title, nick, memo, rate, salary, fraction)
  select g, 'e' || g, '+1' || g, 'n' || g, g, current_date, now(), 1 + g % 500, 'abcd', b'01010101', b'0101', '1 hour', '10:00',
    '10.0.0.1', '10.0.0.0/8', '{}', '{}', '{a}', '{b}', 1, 10, 5, 1.5, md5(g::text)::uuid, g, true, 'r' || g, 't' || g, 'k' || g, 'm',
    g, g, 1.25
  from generate_series(1, 500) g;
alter table customer add constraint customer_phone_set check (phone is not null) not valid;
alter table customer add constraint customer_nick_known check (nick <> '') not valid;
alter table customer add constraint customer_big_known check (big is not null and big > 0);
create index customer_name_idx on customer (name);
create unique index customer_email_key on customer (email);
create unique index customer_phone_key on customer (phone);
create index customer_remark_lower on customer (lower(remark));
create unique index customer_key_partial on customer (key) where flag;
create trigger customer_touch before update on customer for each row execute function touch();

create table payment (
  id bigint generated always as identity primary key, customer_id int references customer (id), amount numeric(10,2),
  paid_at timestamptz default now(), during tsrange, room int, note varchar(100), state text, gross numeric generated always as (amount * 2) stored,
  reference text, fee numeric(8,2) default 0, unique (customer_id, reference)
);
insert into payment (customer_id, amount, during, room, note, state, reference)
  select g, g, tsrange(timestamp '2024-01-01' + g * interval '1 day', timestamp '2024-01-01' + g * interval '1 day' + interval '1 hour'), g, 'x', 'ok', 'r' || g from generate_series(1, 500) g;
alter table payment add constraint payment_branch foreign key (room) references branch (id) not valid;
create index payment_paid_idx on payment (paid_at);
alter table payment cluster on payment_paid_idx;

create table staging (id int, code text not null, v varchar(10), w int);
insert into staging select g, 'c' || g, 'v', g from generate_series(1, 500) g;
create unique index staging_id_uq on staging (id);
create unique index staging_code_uq on staging (code);

create table bank.account (id int primary key, iban varchar(34), opened date, balance numeric(14,2), owner_id int, status text, serial_no int not null);
insert into bank.account select g, 'i' || g, current_date, g, g, 'open', g from generate_series(1, 500) g;
alter table bank.account add constraint account_owner_known check (owner_id is not null);
create table "Ledger"."Entry" ("Id" int primary key, "Amount" numeric(10,2), "Booked On" date, "Text" varchar(40));
insert into "Ledger"."Entry" select g, g, current_date, 'x' from generate_series(1, 500) g;
create index "Entry_Booked" on "Ledger"."Entry" ("Booked On");

create table event (id int not null, at date not null, kind text, body varchar(50), ref int) partition by range (at);
create table event_2023 partition of event for values from ('2023-01-01') to ('2024-01-01');
create table event_2024 partition of event for values from ('2024-01-01') to ('2025-01-01');
insert into event select g, date '2023-01-01' + g, 'k', 'b', g from generate_series(1, 700) g;
create table event_2025 (id int not null, at date not null, kind text, body varchar(50), ref int,
  constraint event_2025_at check (at >= date '2025-01-01' and at < date '2026-01-01'));
insert into event_2025 select g, date '2025-01-01' + g % 300, 'k', 'b', g from generate_series(1, 500) g;
create table event_2026 (id int not null, at date not null, kind text, body varchar(50), ref int);
insert into event_2026 select g, date '2026-01-01' + g % 300, 'k', 'b', g from generate_series(1, 500) g;
create index event_ref_idx on only event (ref);
create index event_2023_ref on event_2023 (ref);

create table metric (id int not null, area text, v int) partition by list (area);
create table metric_a partition of metric for values in ('a');
create table metric_rest partition of metric default;
insert into metric select g, case when g % 2 = 0 then 'a' else 'z' || g end, g from generate_series(1, 800) g;
create table metric_b (id int not null, area text, v int);
insert into metric_b select g, 'b', g from generate_series(1, 500) g;
create table metric_c (id int not null, area text, v int);
create table metric_guarded (id int not null, area text, v int) partition by list (area);
create table metric_guarded_rest partition of metric_guarded default;
insert into metric_guarded select g, 'z', g from generate_series(1, 500) g;
alter table metric_guarded_rest add constraint rest_area check (area is not null and area = 'z');
create table metric_guarded_b (id int not null, area text, v int, constraint guarded_b check (area is not null and area = 'b'));
insert into metric_guarded_b select g, 'b', g from generate_series(1, 500) g;
create table metric_guarded_c (id int not null, area text, v int);
insert into metric_guarded_c select g, 'c', g from generate_series(1, 500) g;
create table visit (id int not null, at date not null) partition by range (at);
create table visit_2025 (id int not null, at date not null, constraint visit_2025_at check (at >= date '2025-01-01' and at < date '2026-01-01'));
create table visit_2026 (id int not null, at date, constraint visit_2026_at check (at >= date '2026-01-01' and at < date '2027-01-01') not valid);
insert into visit_2025 select g, date '2025-01-01' + g % 300 from generate_series(1, 500) g;
insert into visit_2026 select g, date '2026-01-01' + g % 300 from generate_series(1, 500) g;
alter table visit_2026 alter column at set not null;

create table score (id int, grade int) partition by list (grade);
create table score_rest partition of score default;
insert into score select g, 10 from generate_series(1, 500) g;
alter table score_rest add constraint rest_grade check (grade in (10, 20));

create table office (id int, town varchar(20) not null) partition by list (town);
create table office_rest partition of office default;
insert into office select g, 'rome' from generate_series(1, 500) g;
alter table office_rest add constraint rest_town check (town in ('rome', 'oslo') and town <> 'bern');
create table office_bern (id int, town varchar(20) not null, constraint bern_town check (town = 'bern'));
insert into office_bern select g, 'bern' from generate_series(1, 500) g;

create table asset (id int, label text, worth int);
create table asset_car (wheels int) inherits (asset);
create table asset_boat (id int, label text, worth int);
insert into asset select g, 'l', g from generate_series(1, 500) g;
insert into asset_car select g, 'l', g, 4 from generate_series(1, 500) g;
insert into asset_boat select g, 'l', g from generate_series(1, 500) g;

create table tariff (id int, price amount, tip fee, words must default 'x', free note);
insert into tariff select g, g, g, 'w', 'f' from generate_series(1, 500) g;
create table place of spot;
insert into place select 's' || g, 'z' from generate_series(1, 500) g;
create unlogged table import_buffer (id int, raw text);
insert into import_buffer select g, 'x' from generate_series(1, 500) g;
create table child_log (payment_id bigint, at timestamptz);
insert into child_log select g, now() from generate_series(1, 500) g;
create table free_table (a int not null, b varchar(12), c text, d timestamp);
insert into free_table select g, 'b', 'c', now() from generate_series(1, 500) g;

create view open_payments as select id, amount from payment where state = 'open';
create materialized view branch_totals as select room, sum(amount) total from payment group by room;
create unique index branch_totals_room on branch_totals (room);
create materialized view quiet_totals as select id, cash from customer;
create policy payment_open on payment using (state = 'ok');
create statistics customer_stat on name, phone from customer;
analyze;
