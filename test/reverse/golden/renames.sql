-- UP: ALTER TABLE app.users RENAME COLUMN name TO full_name
-- exact
ALTER TABLE app.users RENAME COLUMN full_name TO name;

-- UP: ALTER TABLE app.users RENAME TO people
-- exact
ALTER TABLE app.people RENAME TO users;

-- UP: ALTER TABLE app.users RENAME COLUMN "order" TO "Place"; ALTER TABLE app.users ADD COLUMN more int
-- exact
-- * What was written into column more of app.users is gone after it.
ALTER TABLE app.users RENAME COLUMN "Place" TO "order";
ALTER TABLE app.users DROP COLUMN more;

-- UP: ALTER TABLE app.loose RENAME TO spare; ALTER TABLE app.facts RENAME TO loose
-- exact
ALTER TABLE app.loose RENAME TO facts;
ALTER TABLE app.spare RENAME TO loose;

-- UP: ALTER TABLE app.loose RENAME TO loose_base; CREATE VIEW app.loose AS SELECT a, b FROM app.loose_base
-- exact
DROP VIEW app.loose;
ALTER TABLE app.loose_base RENAME TO loose;

-- UP: ALTER SCHEMA app RENAME TO application
-- exact
ALTER SCHEMA application RENAME TO app;

-- UP: ALTER TABLE app.users RENAME CONSTRAINT adult TO grown
-- exact
ALTER TABLE app.users RENAME CONSTRAINT grown TO adult;

-- UP: ALTER INDEX app.users_name RENAME TO users_by_name
-- exact
ALTER INDEX app.users_by_name RENAME TO users_name;
COMMENT ON INDEX app.users_name IS 'found by name';

-- UP: ALTER TYPE app.mood RENAME TO feeling
-- exact
ALTER TYPE app.feeling RENAME TO mood;

-- UP: ALTER TYPE app.mood RENAME VALUE 'bad' TO 'sad'
-- exact
ALTER TYPE app.mood RENAME VALUE 'sad' TO 'bad';

-- UP: ALTER TYPE app.pair RENAME ATTRIBUTE a TO first
-- exact
ALTER TYPE app.pair RENAME ATTRIBUTE first TO a;

-- UP: ALTER FUNCTION app.touch() RENAME TO touched
-- exact
ALTER FUNCTION app.touched() RENAME TO touch;

-- UP: ALTER TRIGGER touch ON app.users RENAME TO touched
-- exact
ALTER TRIGGER touched ON app.users RENAME TO touch;

-- UP: ALTER POLICY own ON app.users RENAME TO mine
-- exact
ALTER POLICY mine ON app.users RENAME TO own;

-- UP: ALTER TABLE app.loose SET SCHEMA "Odd one"
-- exact
ALTER TABLE "Odd one".loose SET SCHEMA app;

-- UP: ALTER FUNCTION app.twice(int) SET SCHEMA public
-- exact
ALTER FUNCTION public.twice(integer) SET SCHEMA app;

-- UP: ALTER TYPE app.mood SET SCHEMA public
-- exact
ALTER TYPE public.mood SET SCHEMA app;

-- UP: ALTER SEQUENCE app.counter RENAME TO numbers
-- exact
ALTER SEQUENCE app.numbers RENAME TO counter;

-- UP: ALTER VIEW app.names RENAME TO all_names
-- exact
ALTER VIEW app.all_names RENAME TO names;

-- UP: ALTER DOMAIN app.email RENAME TO address
-- exact
ALTER DOMAIN app.address RENAME TO email;
