-- UP: CREATE FUNCTION app.thrice(x int) RETURNS int LANGUAGE sql AS $$ SELECT x * 3 $$
-- exact
DROP FUNCTION app.thrice(integer);

-- UP: CREATE OR REPLACE FUNCTION app.twice(x int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT x + x $$
-- exact
CREATE OR REPLACE FUNCTION app.twice(x integer) RETURNS integer LANGUAGE sql IMMUTABLE
AS $function$ SELECT x * 2 $function$;

-- UP: DROP FUNCTION app.twice(int)
-- exact
CREATE OR REPLACE FUNCTION app.twice(x integer) RETURNS integer LANGUAGE sql IMMUTABLE
AS $function$ SELECT x * 2 $function$;

-- UP: DROP FUNCTION app.twice(int); CREATE FUNCTION app.twice(x int) RETURNS bigint LANGUAGE sql AS $$ SELECT x * 2::bigint $$
-- exact
DROP FUNCTION app.twice(integer);
CREATE OR REPLACE FUNCTION app.twice(x integer) RETURNS integer LANGUAGE sql IMMUTABLE
AS $function$ SELECT x * 2 $function$;

-- UP: DROP PROCEDURE app.work(int)
-- exact
CREATE OR REPLACE PROCEDURE app.work(IN x integer) LANGUAGE plpgsql
AS $function$ BEGIN NULL; END $function$;

-- UP: ALTER FUNCTION app.twice(int) SECURITY DEFINER SET search_path = app, public SET work_mem = '5MB'
-- exact
CREATE OR REPLACE FUNCTION app.twice(x integer) RETURNS integer LANGUAGE sql IMMUTABLE
AS $function$ SELECT x * 2 $function$;

-- UP: DROP AGGREGATE app.total(int)
-- exact
-- * Aggregate app.total(integer) comes back with its usual functions; those for moving windows and for serialising are not kept.
CREATE AGGREGATE app.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');

-- UP: CREATE AGGREGATE app.sum_all(int) (SFUNC = int4pl, STYPE = int)
-- exact
DROP AGGREGATE app.sum_all(integer);

-- UP: DROP OPERATOR app.## (int, int)
-- exact
CREATE OPERATOR app.## (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4pl);

-- UP: DROP OPERATOR app.!# (NONE, int)
-- exact
CREATE OPERATOR app.!# (RIGHTARG = integer, FUNCTION = int4um);

-- UP: CREATE OPERATOR app.@# (RIGHTARG = int, FUNCTION = int4um)
-- exact
DROP OPERATOR app.@# (NONE, integer);

-- UP: DROP CAST (app.mood AS int)
-- exact
CREATE CAST (app.mood as integer) WITH INOUT;

-- UP: DROP FUNCTION app.touch() CASCADE
-- exact
CREATE OR REPLACE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql
AS $function$ BEGIN RETURN NEW; END $function$;
CREATE TRIGGER touch BEFORE UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION app.touch();
