-- name: create_stage_boundary
-- row_key: the external id, or else kind and code. boundary_id: the known boundary that the row is.
create temporary table stage_boundary (
  seq bigint not null,
  line bigint not null,
  row_key text not null,
  external_id text not null,
  kind text not null,
  name text not null,
  code text not null,
  content_key text not null,
  area geometry(MultiPolygon, 4326) not null,
  boundary_id bigint
) on commit drop;

-- name: copy_stage_boundary
copy stage_boundary (seq, line, row_key, external_id, kind, name, code, content_key, area) from stdin (format binary);

-- name: analyze_stage_boundary
analyze stage_boundary (seq, row_key);

-- name: reject_repeated_boundaries
-- Takes out the rows that say what an earlier one says, or bear its id or its kind and code; says which of these.
with ranked as (
  select seq, count(*) over same_row - 1 as n_same, count(*) over same_key - 1 as n_key, count(*) over same_code - 1 as n_code
  from stage_boundary
  window same_row as (partition by row_key, content_key order by seq),
         same_key as (partition by row_key order by seq),
         same_code as (partition by kind, code order by seq)
)
delete from stage_boundary s using ranked r
where r.seq = s.seq and (r.n_key > 0 or r.n_code > 0)
returning s.line, case when r.n_same > 0 then 'REPEATED_ROW'
                       when r.n_key > 0 and s.external_id <> '' then 'EXTERNAL_ID_REPEATED'
                       else 'CODE_REPEATED' end;

-- name: match_boundaries_by_key
update stage_boundary s set boundary_id = b.boundary_id
from boundary b
where b.campaign_id = $1 and b.dataset = $2 and b.row_key = s.row_key;

-- name: match_boundaries_by_code
-- The same kind and code under another id: the same boundary, unless the file names that one too.
update stage_boundary s set boundary_id = b.boundary_id
from boundary b
where b.campaign_id = $1 and b.dataset = $2 and b.kind = s.kind and b.code = s.code and s.boundary_id is null
  and not exists (select from stage_boundary o where o.boundary_id = b.boundary_id);

-- name: reject_taken_codes
-- Takes out the rows whose kind and code belong to a boundary that this file does not bring.
delete from stage_boundary s using boundary b
where b.campaign_id = $1 and b.kind = s.kind and b.code = s.code and b.boundary_id is distinct from s.boundary_id
  and not exists (select from stage_boundary o where o.boundary_id = b.boundary_id)
returning s.line;

-- name: park_codes
-- Boundaries that take over one another's codes give up their own first: codes are unique at every moment.
update boundary b set code = b.code || '#' || b.boundary_id
from stage_boundary s
where b.campaign_id = $1 and b.boundary_id = s.boundary_id and (b.kind, b.code) is distinct from (s.kind, s.code);

-- name: update_boundaries
update boundary b
set row_key = s.row_key, external_id = s.external_id, kind = s.kind, name = s.name, code = s.code, area = s.area
from stage_boundary s
where b.campaign_id = $1 and b.boundary_id = s.boundary_id
  and (b.row_key, b.external_id, b.kind, b.name, b.code, st_asbinary(b.area))
      is distinct from (s.row_key, s.external_id, s.kind, s.name, s.code, st_asbinary(s.area));

-- name: insert_boundaries
insert into boundary (campaign_id, dataset, row_key, external_id, kind, name, code, area)
select $1, $2, s.row_key, s.external_id, s.kind, s.name, s.code, s.area
from stage_boundary s
where s.boundary_id is null
order by s.seq;

-- name: count_absent_boundaries
select count(*) from boundary b
where b.campaign_id = $1 and b.dataset = $2
  and not exists (select from stage_boundary s where s.row_key = b.row_key);
