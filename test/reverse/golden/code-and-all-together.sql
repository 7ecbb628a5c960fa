-- UP: DO $$ BEGIN ALTER TABLE app.loose ADD COLUMN c int; INSERT INTO app.loose (a) VALUES (1); END $$
-- exact
-- * What was written into column c of app.loose is gone after it.
-- * Line 1 runs code: what it does to rows is not taken back.
ALTER TABLE app.loose DROP COLUMN c;

-- UP: ALTER TABLE app.users ADD COLUMN first text; UPDATE app.users SET first = split_part(name, ' ', 1); ALTER TABLE app.users ALTER COLUMN first SET NOT NULL; CREATE INDEX users_first ON app.users (first)
-- exact
-- * What was written into column first of app.users is gone after it.
-- * Line 1 changes rows; what they held before is not known, so they stay as they are.
DROP INDEX app.users_first;
ALTER TABLE app.users DROP COLUMN first;

-- UP: CREATE TABLE app.brief (a int); DROP TABLE app.brief
-- exact
-- * It changes nothing: there is nothing to take back.

-- UP: SELECT 1
-- exact
-- * It changes nothing: there is nothing to take back.

-- UP: CREATE ROLE downs_new; DROP ROLE downs_new
-- not proven, empty-down
-- * Line 1 is about a role, which is neither compared nor taken back: do that by hand.

-- UP: ALTER ROLE downs_reader SET work_mem = 64
-- not proven, empty-down
-- * Line 1 is about the settings of a role, which is neither compared nor taken back: do that by hand.

-- UP: CREATE TEXT SEARCH CONFIGURATION app.words (COPY = simple)
-- exact
DROP TEXT SEARCH CONFIGURATION app.words;

-- UP: CREATE FUNCTION app.fill() RETURNS text LANGUAGE sql AS $$ SELECT 1::text $$; ALTER TABLE app.loose ALTER COLUMN b SET DEFAULT app.fill()
-- exact
ALTER TABLE app.loose ALTER COLUMN b DROP DEFAULT;
DROP FUNCTION app.fill();
