-- UP: INSERT INTO app.facts (code, value, "on") VALUES ('two', 0.1, '2020-01-01 10:00:00.7'), ('three', NULL, NULL)
-- exact
DELETE FROM app.facts
 WHERE (code = 'two')
   OR (code = 'three');

-- UP: INSERT INTO app.facts VALUES ('two', 2, '2020-01-01')
-- exact
DELETE FROM app.facts
 WHERE code = 'two';

-- UP: INSERT INTO app.loose (a, b) VALUES (1, 'it''s'), (2, NULL)
-- exact
-- * Rows of app.loose that hold the same values as those of line 1 go with them.
DELETE FROM app.loose
 WHERE (a = 1 AND b = 'it''s')
   OR (a = 2 AND b IS NULL);

-- UP: INSERT INTO app.orders (n, data, place) VALUES (1.239, '{"a": 1}', '(1,2)')
-- exact
-- * Rows of app.orders that hold the same values as those of line 1 go with them.
DELETE FROM app.orders
 WHERE n = 1.239::numeric(8,2);

-- UP: SET search_path = app; INSERT INTO loose (a) VALUES (7); CREATE TABLE near (a int)
-- exact
-- * The rows of app.near are gone after it.
-- * Rows of app.loose that hold the same values as those of line 1 go with them.
DELETE FROM app.loose
 WHERE a = 7;
DROP TABLE app.near;

-- UP: UPDATE app.users SET age = age + 1
-- not proven, empty-down
-- * Line 1 changes rows; what they held before is not known, so they stay as they are.

-- UP: DELETE FROM app.facts
-- not proven, empty-down
-- * Line 1 changes rows; what they held before is not known, so they stay as they are.

-- UP: INSERT INTO app.loose (a) SELECT 1
-- not proven, empty-down
-- * Line 1 changes rows; what they held before is not known, so they stay as they are.

-- UP: INSERT INTO app.loose (b) VALUES (now()::text)
-- not proven, empty-down
-- * Line 1 changes rows; what they held before is not known, so they stay as they are.

-- UP: INSERT INTO app.facts (code) VALUES ('one') ON CONFLICT DO NOTHING
-- not proven, empty-down
-- * Line 1 changes rows; what they held before is not known, so they stay as they are.

-- UP: CREATE TABLE app.list (a int); INSERT INTO app.list VALUES (1); UPDATE app.list SET a = 2
-- exact
-- * The rows of app.list are gone after it.
DROP TABLE app.list;

-- UP: WITH gone AS (DELETE FROM app.facts RETURNING code) INSERT INTO app.loose (b) SELECT code FROM gone
-- not proven, empty-down
-- * Line 1 changes rows; what they held before is not known, so they stay as they are.

-- UP: SELECT setval('app.counter', 100)
-- not proven, empty-down
-- * Line 1 moves a sequence: it stays where it is.
