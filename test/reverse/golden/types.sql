-- UP: ALTER TYPE app.mood ADD VALUE 'great' BEFORE 'good'
-- exact
-- * Rows that hold a label app.mood had not before stop it.
DROP VIEW app.feelings;
DROP CAST (app.mood as integer);
ALTER TYPE app.mood RENAME TO mood_before_rollback;
CREATE TYPE app.mood AS ENUM ('good', 'bad');
ALTER TABLE app.users ALTER COLUMN feeling DROP DEFAULT;
ALTER TABLE app.users ALTER COLUMN feeling TYPE app.mood USING feeling::text::app.mood;
ALTER TABLE app.users ALTER COLUMN feeling SET DEFAULT 'good'::app.mood;
DROP TYPE app.mood_before_rollback;
CREATE VIEW app.feelings AS
 SELECT id,
    feeling
   FROM app.users;
CREATE CAST (app.mood as integer) WITH INOUT;
REVOKE SELECT ON TABLE app.feelings FROM downs_reader;

-- UP: CREATE TYPE app.size AS ENUM ('s', 'm'); ALTER TABLE app.loose ADD COLUMN size app.size
-- exact
-- * What was written into column size of app.loose is gone after it.
ALTER TABLE app.loose DROP COLUMN size;
DROP TYPE app.size;

-- UP: ALTER TYPE app.pair ADD ATTRIBUTE c int, DROP ATTRIBUTE b
-- exact
ALTER TYPE app.pair DROP ATTRIBUTE c;
ALTER TYPE app.pair ADD ATTRIBUTE b text;

-- UP: DROP TYPE app.pair
-- exact
CREATE TYPE app.pair AS (a integer, b text);

-- UP: ALTER DOMAIN app.email DROP CONSTRAINT has_at
-- exact
ALTER DOMAIN app.email ADD CONSTRAINT has_at CHECK ((VALUE ~~ '%@%'::text));

-- UP: ALTER DOMAIN app.email SET DEFAULT 'x@y'; ALTER DOMAIN app.email ADD CONSTRAINT long CHECK (length(VALUE) > 2) NOT VALID
-- exact
ALTER DOMAIN app.email DROP DEFAULT;
ALTER DOMAIN app.email DROP CONSTRAINT long;

-- UP: CREATE DOMAIN app.positive AS int CHECK (VALUE > 0); ALTER TABLE app.loose ALTER COLUMN a TYPE app.positive
-- exact
-- * Values of column a of app.loose that do not fit integer stop it.
ALTER TABLE app.loose ALTER COLUMN a TYPE integer USING a::text::integer;
DROP DOMAIN app.positive;

-- UP: CREATE TYPE app.span AS RANGE (subtype = float8)
-- exact
DROP TYPE app.span;
