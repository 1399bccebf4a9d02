-- name: read_database_facts
-- What `snowfield doctor` looks at, of this database and this login role.
select current_setting('server_version_num')::integer,
  coalesce((select e.extversion from pg_extension e where e.extname = 'postgis'), ''),
  pg_is_in_recovery(), current_setting('fsync') = 'on', current_setting('full_page_writes') = 'on',
  current_setting('synchronous_commit') <> 'off', current_setting('archive_mode') <> 'off',
  coalesce((select a.last_failed_time > coalesce(a.last_archived_time, '-infinity') from pg_stat_archiver a), false),
  coalesce((select extract(epoch from now() - a.last_archived_time)::bigint from pg_stat_archiver a), -1),
  current_setting('max_connections')::integer,
  (select count(*) from pg_stat_activity s where s.backend_type = 'client backend'),
  coalesce((select max(extract(epoch from now() - s.xact_start))::bigint from pg_stat_activity s
            where s.backend_type = 'client backend' and s.pid <> pg_backend_pid()), 0),
  (select max(age(d.datfrozenxid))::bigint from pg_database d),
  (select count(*) from pg_index i where not i.indisvalid),
  (select r.rolsuper from pg_roles r where r.rolname = current_user),
  (select r.rolbypassrls from pg_roles r where r.rolname = current_user),
  (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
   where c.relkind = 'r' and pg_get_userbyid(c.relowner) = current_user and c.relname <> 'spatial_ref_sys'),
  current_setting('synchronous_standby_names') <> '',
  (select count(*) from pg_stat_replication r where r.sync_state in ('sync', 'quorum')),
  current_setting('data_checksums') = 'on',
  (select count(*) from pg_stat_user_tables t
   where t.n_live_tup > 10000 and t.last_analyze is null and t.last_autoanalyze is null),
  (select count(*) from pg_prepared_xacts x where x.prepared < now() - interval '1 hour');
