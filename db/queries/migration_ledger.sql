-- The ledger of applied migrations: db/migrate reads and writes it, nobody else.

-- name: create_migration_ledger
create table if not exists schema_migration (
  number integer constraint schema_migration_pk primary key,
  name text not null,
  sha256 text not null,
  applied_time timestamptz not null default now()
);

-- name: lock_migrations
-- Held until the session ends: two migrators of one database take turns. The key is "snowfld" in ASCII.
select pg_advisory_lock(32490176868510820);

-- name: has_migration_ledger
select to_regclass('public.schema_migration') is not null;

-- name: list_applied_migrations
select number, name, sha256, applied_time from schema_migration order by number;

-- name: record_migration
insert into schema_migration (number, name, sha256) values ($1, $2, $3);
