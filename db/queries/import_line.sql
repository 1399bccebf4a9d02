-- name: create_stage_street
-- row_key: the external id, or a hash of what the row says.
create temporary table stage_street (
  seq bigint not null,
  line bigint not null,
  row_key text not null,
  external_id text not null,
  name text not null,
  name_key text not null,
  street_class text not null,
  walkable boolean not null,
  bridge_or_tunnel boolean not null,
  line_string geometry(LineString, 4326) not null
) on commit drop;

-- name: copy_stage_street
copy stage_street from stdin (format binary);

-- name: analyze_stage_street
analyze stage_street (seq, row_key);

-- name: number_repeated_streets
-- One feature of several lines comes as several rows with its id: they are numbered. Gives the rows without an id of their
-- own, which repeat another.
with repeated as materialized (select row_key from stage_street group by row_key having count(*) > 1),
ranked as (
  select seq, row_number() over (partition by row_key order by seq) as n from stage_street join repeated using (row_key)
), numbered as (
  update stage_street s set row_key = s.row_key || '#' || r.n from ranked r where r.seq = s.seq and r.n > 1
  returning s.line, s.external_id
)
select line from numbered where external_id = '';

-- name: update_streets
update street t
set external_id = s.external_id, name = s.name, name_key = s.name_key, street_class = s.street_class,
    walkable = s.walkable, bridge_or_tunnel = s.bridge_or_tunnel, line_string = s.line_string
from stage_street s
where t.campaign_id = $1 and t.dataset = $2 and t.row_key = s.row_key
  and (t.external_id, t.name, t.name_key, t.street_class, t.walkable, t.bridge_or_tunnel, st_asbinary(t.line_string))
      is distinct from
      (s.external_id, s.name, s.name_key, s.street_class, s.walkable, s.bridge_or_tunnel, st_asbinary(s.line_string));

-- name: insert_streets
insert into street (campaign_id, dataset, row_key, external_id, name, name_key, street_class, walkable, bridge_or_tunnel,
                    line_string)
select $1, $2, s.row_key, s.external_id, s.name, s.name_key, s.street_class, s.walkable, s.bridge_or_tunnel, s.line_string
from stage_street s
where not exists (select from street t where t.campaign_id = $1 and t.dataset = $2 and t.row_key = s.row_key)
order by s.seq;

-- name: count_absent_streets
select count(*) from street t
where t.campaign_id = $1 and t.dataset = $2
  and not exists (select from stage_street s where s.row_key = t.row_key);

-- name: create_stage_barrier
create temporary table stage_barrier (
  seq bigint not null,
  line bigint not null,
  row_key text not null,
  external_id text not null,
  kind text not null,
  shape geometry(Geometry, 4326) not null
) on commit drop;

-- name: copy_stage_barrier
copy stage_barrier from stdin (format binary);

-- name: analyze_stage_barrier
analyze stage_barrier (seq, row_key);

-- name: number_repeated_barriers
-- As number_repeated_streets.
with repeated as materialized (select row_key from stage_barrier group by row_key having count(*) > 1),
ranked as (
  select seq, row_number() over (partition by row_key order by seq) as n from stage_barrier join repeated using (row_key)
), numbered as (
  update stage_barrier s set row_key = s.row_key || '#' || r.n from ranked r where r.seq = s.seq and r.n > 1
  returning s.line, s.external_id
)
select line from numbered where external_id = '';

-- name: update_barriers
update barrier t
set external_id = s.external_id, kind = s.kind, shape = s.shape
from stage_barrier s
where t.campaign_id = $1 and t.dataset = $2 and t.row_key = s.row_key
  and (t.external_id, t.kind, st_asbinary(t.shape)) is distinct from (s.external_id, s.kind, st_asbinary(s.shape));

-- name: insert_barriers
insert into barrier (campaign_id, dataset, row_key, external_id, kind, shape)
select $1, $2, s.row_key, s.external_id, s.kind, s.shape
from stage_barrier s
where not exists (select from barrier t where t.campaign_id = $1 and t.dataset = $2 and t.row_key = s.row_key)
order by s.seq;

-- name: count_absent_barriers
select count(*) from barrier t
where t.campaign_id = $1 and t.dataset = $2
  and not exists (select from stage_barrier s where s.row_key = t.row_key);
