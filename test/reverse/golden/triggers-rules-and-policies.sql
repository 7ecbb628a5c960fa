-- UP: ALTER TABLE app.users DISABLE TRIGGER touch
-- exact
ALTER TABLE app.users ENABLE TRIGGER touch;

-- UP: DROP TRIGGER touch ON app.users
-- exact
CREATE TRIGGER touch BEFORE UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION app.touch();

-- UP: DROP RULE quiet ON app.loose
-- exact
CREATE RULE quiet AS
    ON INSERT TO app.loose DO NOTHING;;

-- UP: ALTER TABLE app.loose DISABLE RULE quiet
-- exact
ALTER TABLE app.loose ENABLE RULE quiet;

-- UP: DROP POLICY own ON app.users
-- exact
CREATE POLICY own ON app.users AS PERMISSIVE FOR SELECT TO PUBLIC USING (((name)::text = CURRENT_USER));

-- UP: ALTER POLICY own ON app.users TO downs_reader USING (true)
-- exact
DROP POLICY own ON app.users;
CREATE POLICY own ON app.users AS PERMISSIVE FOR SELECT TO PUBLIC USING (((name)::text = CURRENT_USER));

-- UP: ALTER TABLE app.users ENABLE ROW LEVEL SECURITY; ALTER TABLE app.users FORCE ROW LEVEL SECURITY; CREATE POLICY w ON app.users FOR INSERT TO downs_reader WITH CHECK (age > 1)
-- exact
DROP POLICY w ON app.users;
ALTER TABLE app.users DISABLE ROW LEVEL SECURITY;
ALTER TABLE app.users NO FORCE ROW LEVEL SECURITY;
