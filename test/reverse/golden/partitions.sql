-- UP: CREATE TABLE app.events_3 PARTITION OF app.events FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')
-- exact
-- * The rows of app.events_3 are gone after it.
DROP TABLE app.events_3;

-- UP: ALTER TABLE app.events ATTACH PARTITION app.events_2 FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')
-- exact
ALTER TABLE app.events DETACH PARTITION app.events_2;
DROP INDEX app.events_2_at_idx;

-- UP: ALTER TABLE app.events DETACH PARTITION app.events_1
-- exact
ALTER TABLE app.events ATTACH PARTITION app.events_1 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');

-- UP: DROP TABLE app.events_1
-- exact
-- * The rows of app.events_1 do not come back.
CREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
REVOKE SELECT ON TABLE app.events_1 FROM downs_reader;

-- UP: DROP TABLE app.events
-- exact
-- * The rows of app.events do not come back.
-- * The rows of app.events_1 do not come back.
CREATE TABLE app.events (
    id integer NOT NULL,
    at date NOT NULL
) PARTITION BY RANGE (at);
CREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE INDEX events_at ON ONLY app.events USING btree (at);
CREATE INDEX events_1_at_idx ON app.events_1 USING btree (at);
ALTER INDEX app.events_at ATTACH PARTITION app.events_1_at_idx;
REVOKE SELECT ON TABLE app.events FROM downs_reader;
REVOKE SELECT ON TABLE app.events_1 FROM downs_reader;

-- UP: ALTER TABLE app.events ADD COLUMN note text
-- exact
-- * What was written into column note of app.events is gone after it.
ALTER TABLE app.events DROP COLUMN note;

-- UP: ALTER TABLE app.events ADD PRIMARY KEY (id, at)
-- exact
ALTER TABLE app.events DROP CONSTRAINT events_pkey;

-- UP: CREATE INDEX events_id ON app.events (id)
-- exact
DROP INDEX app.events_id;
