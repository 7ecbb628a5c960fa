-- UP: ALTER SERVER far OPTIONS (SET host 'b', ADD port '1')
-- exact
ALTER SERVER far OPTIONS (DROP port, SET host 'a');

-- UP: ALTER FOREIGN TABLE app.remote OPTIONS (SET t 'c')
-- exact
ALTER FOREIGN TABLE app.remote OPTIONS (SET t 'b');

-- UP: ALTER FOREIGN TABLE app.remote ADD COLUMN c int
-- exact
-- * What was written into column c of app.remote is gone after it.
ALTER TABLE app.remote DROP COLUMN c;

-- UP: DROP FOREIGN TABLE app.remote
-- exact
CREATE FOREIGN TABLE app.remote (
    a integer OPTIONS (name 'x'),
    b text NOT NULL
) SERVER far OPTIONS (t 'b');
REVOKE SELECT ON TABLE app.remote FROM downs_reader;

-- UP: DROP FOREIGN DATA WRAPPER nowhere CASCADE
-- exact
CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER far FOREIGN DATA WRAPPER nowhere OPTIONS (host 'a');
CREATE FOREIGN TABLE app.remote (
    a integer OPTIONS (name 'x'),
    b text NOT NULL
) SERVER far OPTIONS (t 'b');
REVOKE SELECT ON TABLE app.remote FROM downs_reader;

-- UP: CREATE SERVER near TYPE 'x' FOREIGN DATA WRAPPER nowhere; CREATE FOREIGN TABLE app.here (a int) SERVER near
-- exact
DROP FOREIGN TABLE app.here;
DROP SERVER near;
