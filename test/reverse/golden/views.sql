-- UP: CREATE OR REPLACE VIEW app.names AS SELECT id, name FROM app.users WHERE id > 0
-- exact
CREATE OR REPLACE VIEW app.names AS
 SELECT id,
    name
   FROM app.users;

-- UP: CREATE OR REPLACE VIEW app.names AS SELECT id, name, age FROM app.users
-- exact
DROP VIEW app.short_names;
DROP VIEW app.names;
CREATE VIEW app.names AS
 SELECT id,
    name
   FROM app.users;
CREATE VIEW app.short_names AS
 SELECT name
   FROM app.names
  WHERE (length((name)::text) < 5);
REVOKE SELECT ON TABLE app.names FROM downs_reader;
REVOKE SELECT ON TABLE app.short_names FROM downs_reader;

-- UP: DROP VIEW app.short_names; DROP VIEW app.names
-- exact
CREATE VIEW app.names AS
 SELECT id,
    name
   FROM app.users;
CREATE VIEW app.short_names AS
 SELECT name
   FROM app.names
  WHERE (length((name)::text) < 5);
REVOKE SELECT ON TABLE app.names FROM downs_reader;
REVOKE SELECT ON TABLE app.short_names FROM downs_reader;

-- UP: DROP VIEW app.names CASCADE
-- exact
CREATE VIEW app.names AS
 SELECT id,
    name
   FROM app.users;
CREATE VIEW app.short_names AS
 SELECT name
   FROM app.names
  WHERE (length((name)::text) < 5);
REVOKE SELECT ON TABLE app.names FROM downs_reader;
REVOKE SELECT ON TABLE app.short_names FROM downs_reader;

-- UP: ALTER VIEW app.names SET (security_barrier)
-- exact
DROP VIEW app.short_names;
DROP VIEW app.names;
CREATE VIEW app.names AS
 SELECT id,
    name
   FROM app.users;
CREATE VIEW app.short_names AS
 SELECT name
   FROM app.names
  WHERE (length((name)::text) < 5);
REVOKE SELECT ON TABLE app.names FROM downs_reader;
REVOKE SELECT ON TABLE app.short_names FROM downs_reader;

-- UP: DROP MATERIALIZED VIEW app.ages
-- exact
CREATE MATERIALIZED VIEW app.ages AS
 SELECT age,
    count(*) AS n
   FROM app.users
  GROUP BY age;
CREATE UNIQUE INDEX ages_age ON app.ages USING btree (age);
REVOKE SELECT ON TABLE app.ages FROM downs_reader;

-- UP: REFRESH MATERIALIZED VIEW app.ages WITH NO DATA
-- exact
DROP MATERIALIZED VIEW app.ages;
CREATE MATERIALIZED VIEW app.ages AS
 SELECT age,
    count(*) AS n
   FROM app.users
  GROUP BY age;
CREATE UNIQUE INDEX ages_age ON app.ages USING btree (age);
REVOKE SELECT ON TABLE app.ages FROM downs_reader;

-- UP: CREATE VIEW app.v1 AS SELECT 1 AS one; CREATE VIEW app.a2 AS SELECT one FROM app.v1
-- exact
DROP VIEW app.a2;
DROP VIEW app.v1;
