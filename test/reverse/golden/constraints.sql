-- UP: ALTER TABLE app.users DROP CONSTRAINT adult
-- exact
-- * Rows written meanwhile that do not fit adult of app.users stop it.
ALTER TABLE app.users ADD CONSTRAINT adult CHECK ((age > 17));

-- UP: ALTER TABLE app.orders VALIDATE CONSTRAINT positive
-- exact
ALTER TABLE app.orders DROP CONSTRAINT positive;
ALTER TABLE app.orders ADD CONSTRAINT positive CHECK ((n > (0)::numeric)) NOT VALID;

-- UP: ALTER TABLE app.orders DROP CONSTRAINT positive
-- exact
ALTER TABLE app.orders ADD CONSTRAINT positive CHECK ((n > (0)::numeric)) NOT VALID;

-- UP: ALTER TABLE app.orders DROP CONSTRAINT orders_owner
-- exact
-- * Rows written meanwhile that do not fit orders_owner of app.orders stop it.
ALTER TABLE app.orders ADD CONSTRAINT orders_owner FOREIGN KEY (owner) REFERENCES app.users(id) ON DELETE CASCADE;

-- UP: ALTER TABLE app.orders DROP CONSTRAINT orders_owner, ADD CONSTRAINT orders_owner FOREIGN KEY (owner) REFERENCES app.users ON DELETE SET NULL NOT VALID
-- exact
ALTER TABLE app.orders DROP CONSTRAINT orders_owner;
ALTER TABLE app.orders ADD CONSTRAINT orders_owner FOREIGN KEY (owner) REFERENCES app.users(id) ON DELETE CASCADE;

-- UP: ALTER TABLE app.users ADD CONSTRAINT unique_name UNIQUE (name, id) DEFERRABLE INITIALLY DEFERRED
-- exact
ALTER TABLE app.users DROP CONSTRAINT unique_name;

-- UP: ALTER TABLE app.users ADD CONSTRAINT by_index UNIQUE USING INDEX users_email
-- exact
-- * Rows written meanwhile that do not fit users_email of app.users stop it.
ALTER TABLE app.users DROP CONSTRAINT by_index;
CREATE UNIQUE INDEX users_email ON app.users USING btree (email);

-- UP: ALTER TABLE app.facts DROP CONSTRAINT facts_pkey
-- exact
-- * Rows written meanwhile that do not fit facts_pkey of app.facts stop it.
ALTER TABLE app.facts ADD CONSTRAINT facts_pkey PRIMARY KEY (code);

-- UP: ALTER TABLE app.loose ADD CHECK (a > 0), ADD EXCLUDE (a WITH =)
-- exact
ALTER TABLE app.loose DROP CONSTRAINT loose_a_check;
ALTER TABLE app.loose DROP CONSTRAINT loose_a_excl;
