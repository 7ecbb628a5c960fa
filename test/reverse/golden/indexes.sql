-- UP: CREATE INDEX users_age ON app.users (age)
-- exact
DROP INDEX app.users_age;

-- UP: DROP INDEX app.users_name
-- exact
CREATE INDEX users_name ON app.users USING btree (lower((name)::text)) WHERE (age > 20);
COMMENT ON INDEX app.users_name IS 'found by name';

-- UP: CREATE INDEX CONCURRENTLY users_age ON app.users (age)
-- exact
DROP INDEX CONCURRENTLY app.users_age;

-- UP: DROP INDEX CONCURRENTLY app.users_name
-- exact
CREATE INDEX CONCURRENTLY users_name ON app.users USING btree (lower((name)::text)) WHERE (age > 20);
COMMENT ON INDEX app.users_name IS 'found by name';

-- UP: DROP INDEX app.users_email; CREATE UNIQUE INDEX users_email ON app.users (email, id)
-- exact
DROP INDEX app.users_email;
CREATE UNIQUE INDEX users_email ON app.users USING btree (email);

-- UP: ALTER INDEX app.users_name SET (fillfactor = 60)
-- exact
DROP INDEX app.users_name;
CREATE INDEX users_name ON app.users USING btree (lower((name)::text)) WHERE (age > 20);
COMMENT ON INDEX app.users_name IS 'found by name';

-- UP: CLUSTER app.users USING users_email
-- exact
ALTER TABLE app.users SET WITHOUT CLUSTER;
