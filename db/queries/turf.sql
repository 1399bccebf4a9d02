-- name: insert_regions
-- Numbers 1 to $3.
insert into region (campaign_id, cut_id, number)
select $1, $2, n from generate_series(1, $3::integer) as n
returning number, region_id;

-- name: insert_turfs
-- A batch: one item a turf in each array. $4 holds region ids, $8 polygons, $9 walks (EWKB), $10 metrics (JSON).
insert into turf (campaign_id, cut_id, pass_id, region_id, number, door_count, walk_length_m, area, walk, metrics)
select $1, $2, $3, t.region_id, t.number, t.door_count, t.walk_length_m, st_multi(t.area::geometry), t.walk::geometry,
       t.metrics::jsonb
from unnest($4::bigint[], $5::integer[], $6::integer[], $7::double precision[], $8::bytea[], $9::bytea[], $10::text[])
  as t (region_id, number, door_count, walk_length_m, area, walk, metrics)
returning number, turf_id;

-- name: insert_turf_doors
-- A batch: one item a door in each array.
insert into turf_door (campaign_id, cut_id, pass_id, live, turf_id, door_id, sequence)
select $1, $2, $3, false, t.turf_id, t.door_id, t.sequence
from unnest($4::bigint[], $5::bigint[], $6::integer[]) as t (turf_id, door_id, sequence);

-- name: list_turfs
-- In order of number, above $3; without those that have ended.
select t.turf_id, t.cut_id, t.number, coalesce(r.number, 0), t.metrics, w.leader_id, coalesce(w.list_number, '')
from turf t
left join region r on r.campaign_id = t.campaign_id and r.region_id = t.region_id
left join walk_list w on w.campaign_id = t.campaign_id and w.turf_id = t.turf_id and w.revoke_time is null
where t.campaign_id = $1 and t.cut_id = $2 and t.number > $3 and not t.ended
order by t.number
limit $4;

-- name: list_turf_shapes
-- As list_turfs, with polygon and walk.
select t.turf_id, t.cut_id, t.number, coalesce(r.number, 0), t.metrics, w.leader_id, coalesce(w.list_number, ''),
       st_asewkb(t.area), st_asewkb(t.walk)
from turf t
left join region r on r.campaign_id = t.campaign_id and r.region_id = t.region_id
left join walk_list w on w.campaign_id = t.campaign_id and w.turf_id = t.turf_id and w.revoke_time is null
where t.campaign_id = $1 and t.cut_id = $2 and t.number > $3 and not t.ended
order by t.number
limit $4;

-- name: list_turf_doors
-- The doors of these turfs, each turf's in walking order. A door without an id of its own has its address's.
select d.turf_id, d.sequence, d.door_id, coalesce(nullif(o.external_id, ''), a.external_id), st_x(a.position),
       st_y(a.position), a.house_number, a.street, o.unit
from turf_door d
join door o on o.campaign_id = d.campaign_id and o.door_id = d.door_id
join address_point a on a.campaign_id = o.campaign_id and a.address_point_id = o.address_point_id
where d.campaign_id = $1 and d.turf_id = any ($2::bigint[])
order by d.turf_id, d.sequence;

-- name: lock_turfs
-- These turfs, held against publishing and other assignments until the end of the transaction.
select turf_id, cut_id, number, live from turf
where campaign_id = $1 and turf_id = any ($2::bigint[])
order by turf_id
for no key update;

-- name: lock_unassigned_turfs
-- The live turfs of a cut that no leader has, held as by lock_turfs, with polygon and middle.
select t.turf_id, t.number, st_asewkb(t.area), st_x(st_centroid(t.area)), st_y(st_centroid(t.area))
from turf t
where t.campaign_id = $1 and t.cut_id = $2 and t.live
  and not exists (select from walk_list w
                  where w.campaign_id = t.campaign_id and w.turf_id = t.turf_id and w.revoke_time is null)
order by t.turf_id
for no key update of t;
