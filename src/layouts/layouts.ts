import { alembic } from './alembic';
import { atlas } from './atlas';
import { dbMigrate } from './db-migrate';
import { dbmate } from './dbmate';
import { diesel } from './diesel';
import { django } from './django';
import { drizzle } from './drizzle';
import { flyway } from './flyway';
import { golangMigrate } from './golang-migrate';
import { goose } from './goose';
import { graphileMigrate } from './graphile-migrate';
import { knex } from './knex';
import { kysely } from './kysely';
import type { Layout, LayoutId } from './layout';
import { liquibase } from './liquibase';
import { mikroOrm } from './mikro-orm';
import { nodePgMigrate } from './node-pg-migrate';
import { plainPair } from './plain-pair';
import { postgrator } from './postgrator';
import { prisma } from './prisma';
import { rails } from './rails';
import { refinery } from './refinery';
import { sequelize } from './sequelize';
import { sqitch } from './sqitch';
import { sqlx } from './sqlx';
import { supabase } from './supabase';
import { typeorm } from './typeorm';

/** Every layout there is. Adding one means a file, a line here and a test. */
export const layouts: readonly Layout[] = [
  alembic,
  atlas,
  dbMigrate,
  dbmate,
  diesel,
  django,
  drizzle,
  flyway,
  golangMigrate,
  goose,
  graphileMigrate,
  knex,
  kysely,
  liquibase,
  mikroOrm,
  nodePgMigrate,
  plainPair,
  postgrator,
  prisma,
  rails,
  refinery,
  sequelize,
  sqitch,
  sqlx,
  supabase,
  typeorm,
];

/** The layout of an id. */
export function layoutById(id: LayoutId): Layout {
  return layouts.find((layout) => layout.id === id)!;
}
