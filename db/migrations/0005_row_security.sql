-- What the application role may touch, and in which campaign. Later migrations do the same for each table they add.

do $$
declare
  t text;
begin
  for t in
    select relname from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r'
      and exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'campaign_id' and not attisdropped)
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy campaign_scope on %I using (campaign_id = current_campaign()) '
                   'with check (campaign_id = current_campaign())', t);
    execute format('grant select, insert, update, delete on %I to snowfield_app', t);
  end loop;
end
$$;

-- Append-only: what was said at a door, and who did what, is never changed or taken away by the application.
revoke update, delete on knock, knock_response, knock_ask, knock_conflict, change, audit_log from snowfield_app;
-- Campaigns and doors are not deleted.
revoke delete on campaign, campaign_slot, change_counter, door, address_point from snowfield_app;

grant select on operator_token to snowfield_app;
-- A campaign takes its id first, then works in its own scope.
grant usage on sequence campaign_campaign_id_seq to snowfield_app;

-- A server asks whether the schema is the one it knows.
grant select on schema_migration to snowfield_app;
