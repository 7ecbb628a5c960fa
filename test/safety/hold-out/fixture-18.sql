create table ledger (
  id int primary key, a int, b int generated always as (a + 1) virtual, c int generated always as (a * 2) stored,
  d int, e int not null, unchecked int, constraint ledger_loose check (d > 0) not enforced
);
insert into ledger (id, a, d, e, unchecked) select g, g, g, g, g from generate_series(1, 600) g;
alter table ledger add constraint ledger_d_set not null d not valid;
create table booking (room int, span tsrange, primary key (room, span without overlaps));
insert into booking select g, tsrange('2024-01-01', '2024-01-02') from generate_series(1, 600) g;
create table booking_guest (room int, span tsrange, guest text);
insert into booking_guest select g, tsrange('2024-01-01', '2024-01-02') from generate_series(1, 600) g;
alter table ledger add constraint ledger_crate foreign key (d) references crate (id) not enforced;
analyze;
