import { quoteIdentifier, quoteLiteral } from '../../src/sql/identifier';

/** The foreign server of cases that need another database. */
export const anotherServer = 'Else "where"';

/**
 * Scripts, each committed by itself, that make another database on the same server with the schema `there`, and the
 * foreign server that leads to it. `ddl` runs there. One play after the other has it.
 */
export function anotherDatabase(ddl: string): string[] {
  const place = `format('host=%s port=%s user=there password=there dbname=%s', host, current_setting('port'), `;
  const inside = (body: string): string =>
    `DO $switchback$\nDECLARE host text := coalesce(nullif(current_setting('unix_socket_directories'), ''), '127.0.0.1');\nBEGIN\n${body}\nEND $switchback$`;
  return [
    `SET password_encryption = 'scram-sha-256';
     DO $$ BEGIN
       IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'there') THEN
         CREATE ROLE there SUPERUSER LOGIN PASSWORD 'there';
       END IF;
     END $$;
     CREATE EXTENSION dblink;
     CREATE EXTENSION postgres_fdw`,
    inside(`  IF NOT EXISTS (SELECT FROM pg_database WHERE datname = 'there') THEN
    PERFORM dblink_exec(${place}'postgres'), format('CREATE DATABASE there OWNER %I TEMPLATE template0', current_user));
  END IF;`),
    inside(
      // A shadow drops the role between two plays, which nothing may belong to.
      `  PERFORM dblink_exec(${place}'there'), format('SET ROLE %I; ', current_user) ||
    ${quoteLiteral(`DROP SCHEMA IF EXISTS there CASCADE; CREATE SCHEMA there; ${ddl}`)});`,
    ),
    inside(
      `  EXECUTE format('CREATE SERVER %I FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host %L, port %L, dbname %L)',
    ${quoteLiteral(anotherServer)}, host, current_setting('port'), 'there');
  CREATE USER MAPPING FOR CURRENT_USER SERVER ${quoteIdentifier(anotherServer)} OPTIONS (user 'there', password 'there');`,
    ),
  ];
}
