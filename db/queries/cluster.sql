-- Setting up the database of an embedded cluster: db/embedded runs these as the cluster's superuser.

-- name: find_login_role
select 1 from pg_roles where rolname = 'snowfield';

-- name: create_login_role
-- Owns the database and may make the application's role; no superuser.
create role snowfield login createrole;

-- name: find_database
select 1 from pg_database where datname = 'snowfield';

-- name: create_database
create database snowfield owner snowfield;

-- name: create_postgis
-- PostGIS is not a trusted extension: only a superuser can create it.
create extension if not exists postgis;

-- name: is_in_recovery
select pg_is_in_recovery();
