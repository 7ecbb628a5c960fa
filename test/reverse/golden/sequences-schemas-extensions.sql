-- UP: CREATE SEQUENCE app.more OWNED BY app.loose.a
-- exact
DROP SEQUENCE app.more;

-- UP: ALTER SEQUENCE app.counter INCREMENT 5 MAXVALUE 1000 CYCLE
-- exact
ALTER SEQUENCE app.counter AS bigint START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 CACHE 1 NO CYCLE;

-- UP: DROP SEQUENCE app.counter
-- exact
-- * Sequence app.counter begins at 1 again: set it where rows hold later numbers.
CREATE SEQUENCE app.counter AS bigint START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 CACHE 1;

-- UP: CREATE SCHEMA fresh; CREATE TABLE fresh.t (a int)
-- exact
-- * The rows of fresh.t are gone after it.
DROP TABLE fresh.t;
DROP SCHEMA fresh;

-- UP: DROP SCHEMA "Odd one" CASCADE
-- exact
-- * The rows of "Odd one"."My table" do not come back.
CREATE SCHEMA "Odd one";
CREATE TABLE "Odd one"."My table" (
    "My column" integer,
    b text
);

-- UP: CREATE EXTENSION citext SCHEMA app; ALTER TABLE app.loose ADD COLUMN c app.citext
-- exact
-- * What was written into column c of app.loose is gone after it.
ALTER TABLE app.loose DROP COLUMN c;
DROP EXTENSION citext;

-- UP: DROP STATISTICS app.together
-- exact
CREATE STATISTICS app.together ON name, age FROM app.users;

-- UP: CREATE STATISTICS app.s (ndistinct) ON a, b FROM app.loose; ALTER STATISTICS app.s SET STATISTICS 50
-- exact
DROP STATISTICS app.s;
